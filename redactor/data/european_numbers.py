#!/usr/bin/env python3
"""Valid and broken European numbers, generated; the check is python-stdnum's, or the issuer's rule where it has none.

    european_numbers.py COUNT [SEED] > numbers.tsv      rule, "valid" or "broken", number

Each line is a number of redactor/src/detect/eu. With python-stdnum (2.2) a valid number is one that it accepts, a broken
one differs from a valid one in one character and is refused by it. Numbers that it does not know are checked by
the functions below, written after the rule that the state's file cites. All are made by chance.
"""
import datetime
import importlib
import random
import sys

D = "0123456789"


def stdnum(name):
    module = importlib.import_module("stdnum." + name)
    return module.is_valid


def digits(rnd, count):
    return "".join(rnd.choice(D) for _ in range(count))


def day(rnd, first=1930, last=2015):
    start = datetime.date(first, 1, 1)
    return start + datetime.timedelta(rnd.randrange((datetime.date(last, 12, 28) - start).days))


def cross(values, weights):
    total = 0
    for value, weight in zip(values, weights):
        product = value * weight
        total += product // 10 + product % 10
    return total


# ---- rules that python-stdnum lacks ----


def luhn(text):
    total = 0
    for place, char in enumerate(reversed(text)):
        value = int(char) * (1 + place % 2)
        total += value - 9 * (value > 9)
    return total % 10 == 0


def kvnr(n):
    values = [int(c) for c in "%02d" % (ord(n[0]) - 64) + n[1:9]]
    return cross(values, [1, 2] * 5) % 10 == int(n[9])


def rvnr(n):
    values = [int(c) for c in n[:8] + "%02d" % (ord(n[8]) - 64) + n[9:11]]
    dated = 1 <= int(n[2:4]) <= 31 and 1 <= int(n[4:6]) <= 12
    return dated and cross(values, [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1]) % 10 == int(n[11])


def cyprus(n):
    table = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21]
    total = sum(table[int(c)] if i % 2 == 0 else int(c) for i, c in enumerate(n[:8]))
    return not n.startswith("12") and chr(65 + total % 26) == n[8]


def szemelyi(n):
    century = {"1": 1900, "2": 1900, "3": 2000, "4": 2000}.get(n[0])
    if century is None:
        return False
    year = century + int(n[1:3])
    try:
        datetime.date(year, int(n[3:5]), int(n[5:7]))
    except ValueError:
        return False
    weights = range(1, 11) if year < 1997 else range(10, 0, -1)
    return sum(int(c) * w for c, w in zip(n, weights)) % 11 == int(n[10])


def taj(n):
    return sum(int(c) * (3 if i % 2 == 0 else 7) for i, c in enumerate(n[:8])) % 10 == int(n[8])


def ado(n):
    return n[0] == "8" and sum(int(c) * (i + 1) for i, c in enumerate(n[:9])) % 11 == int(n[9])


def verhoeff(n):
    # The tables as published, so that the formula in Rust is compared with something else.
    d = ["0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
         "5987604321", "6598710432", "7659821043", "8765932104", "9876543210"]
    p = ["0123456789", "1576283094", "5803796142", "8916043527",
         "9453126870", "4286573901", "2793806415", "7046913258"]
    c = 0
    for i, char in enumerate(reversed(n)):
        c = int(d[c][int(p[i % 8][int(char)])])
    return c == 0


def matricule(n):
    try:
        datetime.date(int(n[:4]), int(n[4:6]), int(n[6:8]))
    except ValueError:
        return False
    return 1850 <= int(n[:4]) <= 2100 and luhn(n[:12]) and verhoeff(n[:11] + n[12])


def malta(n):
    return n[-1] in "MGAPLHBZ"


def nino(n):
    return (n[0] not in "DFIQUV" and n[1] not in "DFIOQUV" and n[8] in "ABCD"
            and n[:2] not in ("BG", "GB", "KN", "NK", "NT", "TN", "ZZ"))


def chi(n):
    try:
        datetime.date(1900 + int(n[4:6]), int(n[2:4]), int(n[:2]))
    except ValueError:
        return False
    return stdnum("gb.nhs")(n)


def niss(n):
    weights = [29, 23, 19, 17, 13, 11, 7, 5, 3, 2]
    return n[0] in "12" and 9 - sum(int(c) * w for c, w in zip(n, weights)) % 10 == int(n[10])


def nuss(n):
    province, body = int(n[:2]), int(n[2:10])
    joined = body + province * 10_000_000 if body < 10_000_000 else int(n[:10])
    return 1 <= province <= 66 and joined % 97 == int(n[10:])


def samordning_valid(n):
    """A personnummer's rule with 60 taken off the day: python-stdnum knows personnummer only."""
    try:
        datetime.date(1900 + int(n[:2]), int(n[2:4]), int(n[4:6]) - 60)
    except ValueError:
        return False
    return n[6] in "-+" and luhn(n[:6] + n[7:])


def dowod(n):
    values = [int(c, 36) for c in n]
    weights = [7, 3, 1, 0, 7, 3, 1, 7, 3]
    return sum(v * w for v, w in zip(values, weights)) % 10 == values[3]


# ---- the numbers: rule, check, how a candidate is made, and where it may be broken: python-stdnum refuses what has not
# been born yet, our rules have no clock ----


def candidates():
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    ymd = lambda r, **k: day(r, **k).strftime("%y%m%d")
    dmy = lambda r, **k: day(r, **k).strftime("%d%m%y")

    def plus(text, at, amount):
        return text[:at] + "%02d" % (int(text[at:at + 2]) + amount) + text[at + 2:]

    def bis(r):
        return plus(ymd(r, first=1941, last=1999), 2, r.choice([20, 40])) + digits(r, 5)

    def egn(r):
        when = day(r)
        return plus(when.strftime("%y%m%d"), 2, 40 if when.year >= 2000 else 0) + digits(r, 4)

    def rodne(r):
        when = day(r, first=1955)
        return plus(when.strftime("%y%m%d"), 2, r.choice([0, 50])) + digits(r, 4)

    def estonian(r):
        when = day(r)
        first = (when.year - 1800) // 100 * 2 + r.choice([1, 2])
        return "%d" % first + when.strftime("%y%m%d") + digits(r, 4)

    def hetu(r):
        when = day(r)
        sign = r.choice("-YXWVU") if when.year < 2000 else r.choice("ABCDEF")
        return when.strftime("%d%m%y") + sign + "%03d" % r.randrange(2, 900) + r.choice(D + "ABCDEFHJKLMNPRSTUVWXY")

    def nir(r):
        department = r.choice(["2A", "2B"] + ["%02d" % n for n in range(1, 96) if n != 20])
        return r.choice("12") + day(r).strftime("%y%m") + department + digits(r, 6) + "%02d" % r.randrange(1, 98)

    def fodsel(r):
        text = dmy(r, first=1940, last=1999)
        kind = r.randrange(4)
        text = plus(text, 0, 40) if kind == 0 else text
        return text + "%03d" % r.randrange(0, 500) + digits(r, 2)

    def pesel(r):
        when = day(r)
        return plus(when.strftime("%y%m%d"), 2, 20 if when.year >= 2000 else 0) + digits(r, 5)

    def cnp(r):
        when = day(r)
        first = r.choice("12") if when.year < 2000 else r.choice("56")
        return first + when.strftime("%y%m%d") + "%02d" % r.randrange(1, 47) + digits(r, 4)

    def emso(r):
        when = day(r)
        return when.strftime("%d%m") + "%03d" % (when.year % 1000) + "50" + digits(r, 4)

    def jmbg(r):
        when = day(r)
        return when.strftime("%d%m") + "%03d" % (when.year % 1000) + "33" + digits(r, 4)

    def personnummer(r):
        return ymd(r, first=1930, last=1999) + "-" + digits(r, 4)

    def samordning(r):
        return plus(ymd(r, last=1999), 4, 60) + "-" + digits(r, 4)

    def kennitala(r):
        when = day(r)
        return when.strftime("%d%m%y") + digits(r, 3) + ("9" if when.year < 2000 else "0")

    def fiscale(r):
        text = "".join(r.choice("BCDFGLMNPRSTVZ") for _ in range(6)) + digits(r, 2) + r.choice("ABCDEHLMPRST")
        text += "%02d" % (r.randrange(1, 29) + r.choice([0, 40])) + r.choice("ABCDEFGHIL") + digits(r, 3)
        return text + r.choice(letters)

    def latvian(r):
        if r.random() < 0.4:
            return "32" + digits(r, 9)
        when = day(r)
        return when.strftime("%d%m%y") + ("1" if when.year < 2000 else "2") + digits(r, 4)

    def hungarian(r):
        when = day(r)
        return r.choice("12" if when.year < 2000 else "34") + when.strftime("%y%m%d") + digits(r, 4)

    def amka(r):
        return dmy(r, last=1999) + digits(r, 5)

    def cpr(r):
        return dmy(r, first=1940, last=1999) + r.choice("0123") + digits(r, 3)

    def lu(r):
        return day(r).strftime("%Y%m%d") + digits(r, 5)

    def ninos(r):
        return r.choice(letters) + r.choice(letters) + digits(r, 6) + r.choice("ABCD")

    def svnr(r):
        return digits(r, 4) + dmy(r)

    many = {
        "eu.at.svnr": (stdnum("at.vnr"), svnr),
        "eu.at.steuernummer": (stdnum("at.tin"), lambda r: "03" + digits(r, 7)),
        "eu.be.nn": (stdnum("be.nn"), lambda r: ymd(r, first=1941, last=1999) + digits(r, 5), slice(6, 11)),
        "eu.be.bis": (stdnum("be.bis"), bis, slice(6, 11)),
        "eu.bg.egn": (stdnum("bg.egn"), egn),
        "eu.bg.pnf": (stdnum("bg.pnf"), lambda r: digits(r, 10)),
        "eu.ch.ahv": (stdnum("ch.ssn"), lambda r: "756" + digits(r, 10)),
        "eu.cy.tic": (cyprus, lambda r: r.choice("09") + digits(r, 7) + r.choice(letters)),
        "eu.cz.rodne_cislo": (stdnum("cz.rc"), rodne),
        "eu.sk.rodne_cislo": (stdnum("sk.rc"), rodne),
        "eu.de.steuer_id": (stdnum("de.idnr"), lambda r: repeated(r) + digits(r, 1)),
        "eu.de.kvnr": (kvnr, lambda r: r.choice(letters) + digits(r, 9)),
        "eu.de.rvnr": (rvnr, lambda r: "%02d" % r.randrange(2, 90) + dmy(r) + r.choice(letters) + digits(r, 3)),
        "eu.dk.cpr": (stdnum("dk.cpr"), cpr, slice(0, 4)),
        "eu.ee.isikukood": (stdnum("ee.ik"), estonian),
        "eu.es.dni": (stdnum("es.dni"), lambda r: digits(r, 8) + r.choice("TRWAGMYFPDXBNJZSQVHLCKE")),
        "eu.es.nie": (stdnum("es.nie"), lambda r: r.choice("XYZ") + digits(r, 7) + r.choice("TRWAGMYFPDXBNJZSQVHLCKE")),
        "eu.es.nif": (stdnum("es.nif"), lambda r: r.choice("KLM") + digits(r, 7) + r.choice("TRWAGMYFPDXBNJZSQVHLCKE"),
                      slice(1, 9)),
        "eu.es.nuss": (nuss, lambda r: "%02d" % r.randrange(1, 53) + nuss_body(r)),
        "eu.fi.hetu": (stdnum("fi.hetu"), hetu),
        "eu.fr.nir": (stdnum("fr.nir"), nir),
        "eu.fr.nif": (stdnum("fr.nif"), lambda r: spi(r)),
        "eu.gb.chi": (chi, lambda r: dmy(r, first=1940, last=1999) + digits(r, 4)),
        "eu.gb.nhs": (stdnum("gb.nhs"), lambda r: digits(r, 10)),
        "eu.gb.nino": (nino, ninos),
        "eu.gb.utr": (stdnum("gb.utr"), lambda r: digits(r, 10)),
        "eu.gr.amka": (stdnum("gr.amka"), amka),
        "eu.gr.afm": (stdnum("gr.vat"), lambda r: digits(r, 9)),
        "eu.hr.oib": (stdnum("hr.oib"), lambda r: digits(r, 11)),
        "eu.hr.jmbg": (stdnum("si.emso"), jmbg),
        "eu.hu.szemelyi": (szemelyi, hungarian),
        "eu.hu.taj": (taj, lambda r: digits(r, 9)),
        "eu.hu.ado": (ado, lambda r: "8" + digits(r, 9)),
        "eu.ie.pps": (stdnum("ie.pps"), lambda r: digits(r, 7) + r.choice(letters[:23]) + r.choice(["", "A", "B"])),
        "eu.is.kennitala": (stdnum("is_.kennitala"), kennitala),
        "eu.it.codice_fiscale": (stdnum("it.codicefiscale"), fiscale),
        "eu.it.codice_fiscale_numeric": (luhn, lambda r: digits(r, 11)),
        "eu.lt.asmens_kodas": (stdnum("lt.asmens"), estonian),
        "eu.lu.matricule": (matricule, lu),
        "eu.lv.personas_kods": (stdnum("lv.pvn"), latvian),
        "eu.mt.id_card": (malta, lambda r: digits(r, 7) + r.choice(letters)),
        "eu.nl.bsn": (stdnum("nl.bsn"), lambda r: digits(r, 9)),
        "eu.no.fodselsnummer": (stdnum("no.fodselsnummer"), fodsel),
        "eu.pl.pesel": (stdnum("pl.pesel"), pesel),
        "eu.pl.nip": (stdnum("pl.nip"), lambda r: digits(r, 10)),
        "eu.pl.dowod": (dowod, lambda r: "".join(r.choice(letters) for _ in range(3)) + digits(r, 6)),
        "eu.pt.nif": (stdnum("pt.nif"), lambda r: r.choice("1235") + digits(r, 8)),
        "eu.pt.cc": (stdnum("pt.cc"), lambda r: digits(r, 9) + "Z" + r.choice(letters) + digits(r, 1)),
        "eu.pt.niss": (niss, lambda r: r.choice("12") + digits(r, 10)),
        "eu.ro.cnp": (stdnum("ro.cnp"), cnp),
        "eu.se.personnummer": (stdnum("se.personnummer"), personnummer),
        "eu.se.samordningsnummer": (samordning_valid, samordning),
        "eu.si.emso": (stdnum("si.emso"), emso),
        "eu.si.davcna": (stdnum("si.ddv"), lambda r: r.choice("123456789") + digits(r, 7)),
    }
    return many


def repeated(rnd):
    """Ten digits of which one stands twice, another not at all."""
    ten = rnd.sample(D, 10)
    ten[rnd.randrange(9) + 1] = ten[0]
    rnd.shuffle(ten)
    return "".join(ten) if ten[0] != "0" else repeated(rnd)


def nuss_body(rnd):
    body = rnd.choice(["0", "1", "4"]) + digits(rnd, 7)
    return body + "%02d" % rnd.randrange(97)


def spi(rnd):
    body = rnd.choice("0123") + digits(rnd, 9)
    return body + "%03d" % (int(body) % 511)


def broken(rnd, number, valid, where):
    """The number with another character of the same kind in one place, such that it is not valid; or None."""
    for _ in range(400):
        at = rnd.choice(range(len(number))[where])
        if not number[at].isalnum():
            continue
        other = rnd.choice(D if number[at].isdigit() else "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        text = number[:at] + other + number[at + 1:]
        if other != number[at] and not valid(text):
            return text
    return None


def main():
    count = int(sys.argv[1])
    rnd = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 20261121)
    for rule, (valid, make, *where) in sorted(candidates().items()):
        where = where[0] if where else slice(None)
        made = tried = 0
        while made < count:
            tried += 1
            if tried > 2000 * count:
                sys.exit("%s: hardly any number made for it is valid" % rule)
            number = make(rnd)
            if not safe(valid, number):
                continue
            wrong = broken(rnd, number, lambda text: safe(valid, text), where)
            if wrong is None:
                continue
            made += 1
            print(rule, "valid", number, sep="\t")
            print(rule, "broken", wrong, sep="\t")


def safe(valid, number):
    try:
        return bool(valid(number))
    except (ValueError, IndexError, KeyError):
        return False


if __name__ == "__main__":
    main()
