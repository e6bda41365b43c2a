//! The words that tell what a number is: "MRN", "member id", "date of birth".
//!
//! One table of phrases, matched on the words of a text or of a JSON key, longest first. A detector asks for
//! the values behind its keywords; context beats checksums, so this table is what recall of numbers rests on.

use std::sync::LazyLock;

use super::lexicon::{self, ByWord, Lex};
use super::text::Text;

/// What a keyword announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    /// A social security number.
    Ssn,
    /// A medical record.
    Mrn,
    /// A health plan, insurance, Medicare.
    HealthPlan,
    /// A bank or customer account.
    Account,
    /// A bank's routing number.
    Routing,
    /// A payment card.
    Card,
    /// A provider's number.
    Npi,
    /// A prescriber's number.
    Dea,
    /// A licence or certificate.
    License,
    /// A vehicle's identification number.
    Vin,
    /// A number plate.
    Plate,
    /// A device or serial number.
    Device,
    /// A telephone number.
    Phone,
    /// A fax number.
    Fax,
    /// A date of birth.
    Birth,
    /// Any other date of a person.
    Dated,
    /// An age.
    Age,
    /// A postal code.
    Zip,
    /// A street address.
    Address,
    /// A town or place.
    Place,
    /// A person's name, as a label or in prose.
    Name,
    /// A passport.
    Passport,
    /// A national or tax number.
    NationalId,
    /// An abbreviation that announces a national number only where its shape follows.
    NationalHint,
    /// A biometric record.
    Biometric,
    /// Any other identifier of one person.
    UniqueId,
    /// A password, key or token.
    Secret,
    /// A program whose options hold passwords.
    Command,
    /// The name of a provider whose keys have no prefix.
    Provider,
    /// The name of an account.
    Login,
    /// A social network, whose handles follow.
    Network,
    /// A cookie or a parameter whose value is a credential.
    Session,
}

impl Key {
    /// Whether what it announces is mostly digits, so that they may be spoken one by one.
    #[inline]
    pub(crate) fn is_number(self) -> bool {
        matches!(
            self,
            Key::Ssn
                | Key::Mrn
                | Key::HealthPlan
                | Key::Account
                | Key::Routing
                | Key::Card
                | Key::Phone
                | Key::Fax
        )
    }

    /// Its bit in a set of keywords.
    #[inline]
    pub(crate) const fn bit(self) -> u64 {
        1 << self as u64
    }
}

/// One keyword in a text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KeyHit {
    pub(crate) key: Key,
    /// Index of its first word.
    pub(crate) first: usize,
    /// Index of its last word.
    pub(crate) last: usize,
    /// Offset behind it.
    pub(crate) end: usize,
}

/// Phrases, folded, one space between words; `driver s license` is how "driver's license" reads.
const PHRASES: &[(Key, &str)] = &[
    (
        Key::Ssn,
        "ssn,ssns,social security numbers,social security,social security number,social security no,soc sec,social sec,ss number,ss no,ssnum,social insurance number,social number,social",
    ),
    (
        Key::Mrn,
        "mrn,mrns,medical record numbers,chart numbers,record numbers,patient ids,patient numbers,medical record,medical records,medical record number,medical record no,medical record id,med record,med rec,med rec no,\
         mr number,mr no,chart number,chart no,chart id,chart,patient id,patient identifier,patient number,patient no,pt id,patientid,\
         hospital number,hospital no,hospital id,record number,record no,record id,emr number,emr id,emr,ehr id,ehr number,\
         encounter,encounter number,encounter id,visit number,visit id,csn,unit number,account mrn,empi,mpi,rec no,rec num,med record no,\
         med record number,record,ehr,case file,file number,patient file,med rec num,medrec,mrno,medical id,patient record,visit no,visit num,encounter no,encounter num,\
         fin number,fin no,fin num,financial number,csn number,csn no,contact serial number,medical rec,unit no,uhid,umrn,hospital record,\
         hospital record number,hospital num,mrn number,mrn no,mrn id,clinic number,clinic no,clinic id,patient num,patient ref,patient reference,\
         nhc,cipa,nuhsa,pat nr,pat no,patienten nr,patient nr,numero de historia,historia clinica,fallnummer,patientennummer,patientnummer,numero de dossier,cartella clinica,chart num,\
         numero de historia clinica,n de historia,numero de expediente,numero de paciente,numero do paciente,numero do processo,\
         numero de processo,numero de dossier patient,numero dossier,numero de patient,numero patient,numero paziente,numero di paziente,\
         numero di cartella,numero cartella,numero di cartella clinica,numero cartella clinica,dossiernummer,patientnr,journalnummer,\
         journalnr,aktennummer,aufnahmenummer,numer pacjenta,nr pacjenta,numer historii choroby,numer kartoteki,cislo pacienta,\
         cislo karty,cislo chorobopisu,numar pacient,numarul pacientului,numar fisa,numarul fisei,numar foaie de observatie",
    ),
    (
        Key::HealthPlan,
        "member id,member ids,member numbers,subscriber ids,policy numbers,claim numbers,member number,member no,member,memberid,subscriber id,subscriber number,subscriber no,subscriber,beneficiary id,\
         beneficiary number,beneficiary no,beneficiary,health plan,health plan id,health plan number,health plan no,health plan beneficiary,\
         health plan beneficiary number,health plan member,plan id,plan number,plan no,policy number,policy no,policy id,policy,\
         insurance,insurance id,insurance number,insurance no,insurance policy,insurance member,insurance card,insurance plan,insured id,\
         insured,medicare,medicare id,medicare number,medicare no,medicaid,medicaid id,medicaid number,medicaid no,mbi,hicn,hic,hpbn,hpn,\
         group number,group no,group id,group,rx bin,rxbin,rx pcn,rx grp,ins id,ins no,ins,hbp,plan,health insurance,health ins,coverage id,\
         mutuelle,n mutuelle,numero d adherent,numero adherent,numero de police,numero de mutuelle,numero de poliza,poliza n,nº de poliza,polizza n,n de police,n d adherent,numero de afiliado,numero de asegurado,\
         numero polizza,numero di polizza,numero da apolice,numero de apolice,numero de beneficiario,\
         polisnummer,polisnr,policenummer,policenr,lidnummer,mitgliedsnummer,versicherungsnummer,forsakringsnummer,forsikringsnummer,\
         numer polisy,nr polisy,numer ubezpieczenia,cislo pojistky,cislo pojistence,numar polita,numarul politei,numar de asigurat,\
         claim,payer id,enrollee id,blue cross,bcbs,aetna,cigna,humana,unitedhealthcare,kaiser,tricare,health plan beneficiary no,health id,\
         healthplan,hp no,hp id,hp number,hp,hpb,hpb no,claim number,claim no,claim id,versichertennummer,versicherungsschein,versicherungsschein nr,versicherungsscheinnummer,krankenversichertennummer,ehic",
    ),
    (
        Key::Account,
        "bic,swift,bic swift,swift bic,swift code,bic code,accounts,account number,account numbers,account no,account id,account num,acct,acct no,acct number,acct num,acct id,account,accountnumber,bank account,\
         iban,checking account,savings account,billing account,patient account,billing id,billing number,invoice,invoice number,\
         invoice no,customer number,customer no,customer id,guarantor,guarantor number,guarantor id,guarantor account,har,kontonummer,\
         numero de cuenta,cuenta,acctno,loan number,routing and account,har number,har no,hospital account,hospital account number,\
         hospital account id,hsp account id,statement number,statement no,client account,acct nbr,account nbr,billing no,bill number,bill no,\
         portal account,\
         kundennummer,kundennr,kunden nr,kdnr,kd nr,rechnungsnummer,rechnungsnr,vertragsnummer,vertragsnr,kontonr,kto,kto nr,konto,konto nr,blz,bankleitzahl,\
         klantnummer,klantnr,factuurnummer,factuurnr,contractnummer,rekeningnummer,rekeningnr,\
         kundnummer,kundnr,fakturanummer,avtalsnummer,kundenummer,kundenr,aftalenummer,avtalenummer,fakturanr,\
         numero de client,numero client,numero de facture,numero facture,numero de contrat,numero de compte,\
         numero de cliente,numero cliente,numero de factura,numero de contrato,numero de conta,numero da conta,\
         codice cliente,numero fattura,numero di fattura,numero contratto,numero di contratto,numero conto,numero di conto,\
         numero do cliente,numero da fatura,numero do contrato,codigo de cliente,codigo do cliente,\
         numer klienta,nr klienta,numer faktury,nr faktury,numer umowy,nr umowy,numer konta,nr konta,numer rachunku,\
         cislo zakaznika,zakaznicke cislo,cislo faktury,cislo smlouvy,cislo uctu,\
         numar client,numar de client,numarul de client,cod client,numar factura,numarul facturii,numar contract,numarul contractului,\
         numar cont,numar de cont,numarul de cont,numarul meu de client,sort code,sortcode,numer rachunku bankowego,nr rachunku,broj racuna,szamlaszam,\
         bankszamlaszam,asiakasnumero,c smlouvy,c uctu,c faktury,c zakaznika,\
         n de client,n client,n de cliente,n cliente,nº de cliente,nº cliente,facture n,n de facture,n facture,factura n,nº de factura,\
         fattura n,contratto n,contrat n,n de contrat,contrato n,nº de contrato,conto n,n de compte,nº de cuenta",
    ),
    (
        Key::Routing,
        "routing number,routing no,routing,aba,aba number,aba routing,aba routing number,rtn,transit number",
    ),
    (
        Key::Card,
        "card number,card numbers,credit card numbers,card no,credit card,credit card number,debit card,debit card number,cc number,cc no,ccn,visa,mastercard,amex,\
         american express,discover card,payment card,card num,cardnumber,creditcard,card ending,kreditkarte,card,carta,\
         carta di credito,tarjeta,tarjeta de credito,numero de tarjeta,carte bancaire,carte de credit,numero de carte,cartao,\
         cartao de credito,creditcardnummer,kartennummer,kortnummer,kreditkort,numer karty,karta kredytowa",
    ),
    (
        Key::Npi,
        "npi,npi number,npis,npi numbers,npi no,national provider identifier,national provider id,provider id,provider number,provider npi",
    ),
    (Key::Dea, "dea,dea number,dea no,dea registration,dea registration number"),
    (
        Key::License,
        "nmls,nmls id,oln,driver s license,driver s licenses,drivers licenses,driver licenses,license numbers,drivers license,driver license,driver s licence,drivers licence,driving licence,driving license,\
         driver s license number,drivers license number,driver license number,driver license no,dl,dl number,dl no,cdl,\
         license number,license no,gmc,gmc no,gmc number,nmc pin,license,licence,licence number,licence no,lic,lic no,license id,medical license,medical license number,\
         nursing license,rn license,state license,n col,num colegiado,numero de colegiado,numero colegiado,colegiado,certificate number,certificate no,certificate id,cert no,cert number,certificate,\
         certification number,certification no,board certification,certificate license,certificate license number,cln,pilot license,\
         birth certificate,death certificate,fuhrerschein,permit number,permit no,registration number,registration no",
    ),
    (
        Key::Vin,
        "vin,vin number,vin no,vehicle identification number,vehicle identification,vehicle id,chassis number,vehicle vin,vehicle serial,\
         bastidor,numero de bastidor,fahrgestellnummer,fahrgestellnr,fahrzeug identifizierungsnummer,telaio,numero di telaio,\
         numero de chassis,chassisnummer,stelnummer,chassinummer,numer nadwozia,numero de serie du vehicule",
    ),
    (
        Key::Plate,
        "license plate,license plate number,licence plate,plate number,plate no,plate,plates,number plate,tag number,vehicle tag,\
         vehicle registration,vehicle reg,car reg,registration plate,kennzeichen,vehicle plate,license plates,license plate no,lic plate,\
         autokennzeichen,nummernschild,matricula,numero de matricula,immatriculation,numero d immatriculation,plaque d immatriculation,\
         targa,kenteken,nummerbord,registreringsnummer,nummerplade,registreringsskylt,numer rejestracyjny,nr rejestracyjny,\
         tablica rejestracyjna,tablice rejestracyjne,nr rej,numer rej,amtliches kennzeichen,kfz kennzeichen,nummerplaat,kentekenplaat,\
         rekisterinumero,rekisteritunnus,registarska oznaka,registarske oznake,numar inmatriculare,nr inmatriculare,registracni znacka,statni poznavaci znacka,numar de inmatriculare,nr de inmatriculare",
    ),
    (
        Key::Device,
        "serial number,serial numbers,serial no,serial num,serial,sn,s n,device id,device identifier,device number,device serial,device serial number,\
         device no,imei,imei number,meid,imsi,iccid,udi,unique device identifier,model serial,pacemaker serial,pacemaker,implant,\
         implant serial,implant id,implant number,lot number,lot no,device,mac address,mac addr,mac,bluetooth address,udid,idfa,\
         advertising id,device udi,android id,serialnumber,pump serial,icd serial,asset tag,insulin pump,cgm id,hardware id",
    ),
    (
        Key::Phone,
        "my number is,my number s,phone,phones,phone numbers,phone number,phone no,telephone,telephone number,tel,tel no,cell,cell phone,cell number,cellphone,mobile,mobile number,\
         mobile phone,home phone,work phone,contact number,contact no,contact phone,call,callback,call back,callback number,ph,ph no,\
         pager,beeper,dial,reach,reach me,call me,call me at,call me on,call him at,call her at,call us at,call them at,cb,reachable at,reached at,sms,whatsapp,telefon,telefono,telefone,handy,emergency contact,voicemail,\
         contact info,contact information,contact,msisdn,telefonnummer,hotline,telemovel,tlf,tlf nr,mobil,mobiltelefon,mobiel,cellulare,\
         movil,portable,natel,komorkowy,puh,ring,rung,rufnummer,telefonnr,mobilnr,mobilnummer,handynummer,celular,numer telefonu,\
         telefoonnummer,gsm,numero de telephone,numero de telefono,numero di telefono,numero de telefone,cislo telefonu,\
         numar de telefon,telefonni cislo,pod numer,pod numerem,na numer,erreichbar unter,anrufen unter,bereikbaar op,bel me op,\
         joignable au,appelez le,appeler au,llame al,llamar al,chiamare il,chiamate il,ligue para,zadzwon,dzwonic,volejte,mich an unter,mich unter,llamame al,appelez moi au,me joindre au,chiamami al,sunati la,\
         numarul de telefon,ring pa,ringe pa,ringer pa,ringa pa,ringa till,ring til,traffas pa,tlf pa,telefon pa,soita numeroon,\
         puhelin,puhelinnumero,telefonszam,mobilszam,broj telefona,broj mobitela,mobitel,num de tel,n de tel,telf,tfno,tfn,mob,\
         numero nuevo es,mi numero es,mio numero e,mon numero est,meu numero e,meine nummer ist,mijn nummer is,moj numer to,\
         mitt nummer ar,mit nummer er,swisha till,swish till",
    ),
    (Key::Fax, "fax,fax number,fax no,facsimile,fx,faxed to,faxnummer,telefax"),
    (
        Key::Birth,
        "dob,d o b,date of birth,birth date,birthdate,birthday,born,born on,bday,b day,bdate,geb,geboren,geburtsdatum,\
         fecha de nacimiento,date de naissance,data di nascita,data de nascimento,geboortedatum,nato il,nata il,ne le,nee le,year of birth,\
         birth year,yob,dateofbirth,data urodzenia,fodselsdato,fodelsedatum,urodzony,urodzona,narozen,narozena,\
         datum narozeni,data nasterii,nascut,nascuta,nascido em,nascida em,nacido el,nacida el,geboren am,geboren op,fodt,fodd,ne e le",
    ),
    (
        Key::Dated,
        "date,dates,dated,admitted,admit,admission,admission date,admit date,discharged,discharge,discharge date,date of service,\
         dos,doa,dod,date of death,date of admission,date of discharge,died,deceased,death date,seen,visit,visited,visit date,evaluated,\
         examined,diagnosed,dx,treated,surgery,operated,procedure,procedure date,appointment,appt,follow up,followup,on,since,until,from,\
         before,after,by,as of,started,start date,end date,effective,expires,exp,collected,reported,service date,test date,tested,consult,\
         consulted,datum,fecha,admitted on,seen on,through,thru,scan,last seen,last visit,presented,presenting,referred,hospitalized,hosp,date of loss,date of injury,date of visit,date of procedure,\
         date of exam,date of onset,date of surgery,date of accident,doi,dol,lmp,edd,due date,onset,aufnahme,entlassung,entlassen,vom,\
         inskriven,indlagt,termin,ricoverato il,ingreso,przyjety,prijat,internat,mailed,sent,received,paid,billed,filed,signed on,appeared,\
         scheduled for,set for,booked for,rescheduled for,due on",
    ),
    (Key::Age, "age,aged,ages,yo,age of,turned,turning,alter,edad,years old,agee"),
    (
        Key::Zip,
        "zip,zip code,zipcode,postal code,postcode,zip no,post code,plz,postalcode,codigo postal,code postal,\
         postleitzahl,postnummer,kod pocztowy,cod postal",
    ),
    (
        Key::Address,
        "address,home address,mailing address,street address,addr,lives at,living at,resides at,residing at,residence,residing on,\
         lives on,adresse,direccion,street,address line,location address,street line,wohnhaft,wohnhaft in,wohnt,anschrift,demeurant,\
         domicilie,domiciliee,domicilio,indirizzo,residente in,residente en,residente em,adres,adresa,adress,zam,\
         zamieszkaly,zamieszkala,bor,bopael,bytem,morada,endereco,domiciliat in,domiciliata in,woont,woonachtig",
    ),
    (
        Key::Place,
        "city,town,county,lives in,living in,resides in,residing in,resident of,from the city of,hometown,home town,based in,\
         city of,town of,county of,located in,birthplace,place of birth,village,municipality,borough,neighborhood,moved to,moved from,\
         native of,relocated to,traveled from,hospital,hospital name,facility,facility name,clinic name,clinic,employer,employer name,\
         site name,department of,precinct,parish,location,work place,workplace,place of work,school name,company name,worksite,\
         nursing home,receiving facility,sending facility,referring facility,service location,practice name,pharmacy name",
    ),
    (
        Key::Name,
        "name,names,patient name,pt name,full name,first name,last name,given name,family name,surname,middle name,maiden name,\
         firstname,lastname,fullname,patient,pt,named,name is,my name is,known as,called,goes by,a k a,aka,nickname,nee,provider,\
         provider name,physician,physician name,attending,attending physician,primary care physician,pcp,referring physician,\
         referring provider,ordering physician,surgeon,nurse,therapist,doctor,seen by,treated by,reviewed by,signed by,evaluated by,\
         referred by,managed by,consulted by,examined by,performed by,ordered by,prescribed by,dictated by,electronically signed by,\
         cared for by,under the care of,under care of,mother,father,wife,husband,spouse,son,daughter,brother,sister,parent,guardian,\
         next of kin,emergency contact name,contact name,contact person,caregiver,partner,guarantor name,subscriber name,member name,\
         insured name,employee,employee name,client,client name,author,signed,attn,dear,sincerely,regards,resident name,\
         caretaker,i am,this is,vorname,nachname,nombre,apellido,apellidos,prenom,nom,cognome,nome,naam,achternaam,voornaam,\
         patient s name,pt s name,subject,subject name,patientin,paciente,paziente,pacjent,pacjentka,pacient,pacientka,patientnamn,\
         imie i nazwisko,nazwisko,jmeno,prijmeni,jmeno a prijmeni,fornamn,efternamn,fornavn,efternavn,prenume,sobrenome,case of,displayname,display name,practitioner,practitioner name,\
         customer name,requested by,submitted by,assigned to,reported by,mr name,user name,legal name,preferred name,cosigned by,\
         baby boy,baby girl,infant boy,infant girl,newborn boy,newborn girl,fellow,intern,aunt,uncle,niece,nephew,grandmother,grandfather,grandson,granddaughter,cousin,roommate,neighbor,friend,boss,\
         neighbour,mom,dad,mum,nan,nana,hubby,stepmom,stepdad,ex husband,ex wife,prescriber,claimant,plaintiff,defendant,decedent,proband,passenger,applicant,historian,\
         social worker,case manager,care manager,case worker,caseworker,care coordinator,hospitalist,midwife,\
         pharmacist,dentist,cardiologist,neurologist,oncologist,radiologist,pathologist,psychiatrist,psychologist,dermatologist,\
         gastroenterologist,nephrologist,urologist,pulmonologist,endocrinologist,rheumatologist,hematologist,obstetrician,gynecologist,\
         pediatrician,paediatrician,anesthesiologist,ophthalmologist,podiatrist,chiropractor,optometrist,dietitian,nutritionist,paramedic,\
         technologist,sonographer,requesting provider,rendering provider,ordering provider,billing provider,\
         supervising physician,consulting physician,on behalf of,legal guardian,power of attorney,health care proxy,healthcare proxy,poa,\
         stepfather,stepmother,stepson,stepdaughter,fiance,fiancee,girlfriend,boyfriend,husband s name,wife s name,mother s name,\
         father s name,grandma,grandpa,i m,coworker,colleague,landlord,teacher,counselor,counsellor,pastor,attorney,\
         lawyer,technician,scribe,transcribed by,attested by,administered by,witnessed by,\
         interpreted by,dispensed by,discussed with,spoke with,spoke to,spoken with,talked to,\
         talked with,accompanied by,patienten,pacientul,patientens navn,patientname,versicherter,versicherte,patientennaam,hausarzt,\
         huisarts,medecin,medico,lekarz,lakare,\
         navn,namn,nume,ich heisse,mein name ist,ik heet,mijn naam is,jag heter,mitt namn ar,jeg hedder,jeg heter,mit navn er,\
         mitt navn er,je m appelle,mon nom est,je suis,me llamo,mi nombre es,yo soy,mi chiamo,il mio nome e,io sono,chamo me,\
         me chamo,o meu nome e,meu nome e,eu sou,nazywam sie,mam na imie,jestem,jmenuji se,jmenuju se,moje jmeno je,\
         ma numesc,ma cheama,numele meu este,eu sunt,ik ben,jag ar,jeg er,familienname,geburtsname,nom de famille,nom de naissance,nom et prenom,nombre y apellidos,\
         nome e cognome,nome completo,nome do paciente,nombre del paciente,nom du patient,nome paziente,imie,krestni jmeno,nume si prenume",
    ),
    (
        Key::Passport,
        "passport,passport number,passport no,passport id,passport num,reisepass,pasaporte,passeport,passaporto,paspoort",
    ),
    (
        Key::NationalId,
        "national id,national id number,national identity number,national identification number,tax id,tax identification number,tin,\
         itin,ein,employer identification number,fein,tax number,steuer id,steuernummer,steueridentifikationsnummer,identity card,\
         id card,id card number,dni,nie,nif,nir,numero de securite sociale,codice fiscale,burgerservicenummer,bsn,personnummer,\
         pesel,cpr,fodselsnummer,hetu,rodne cislo,cnp,nino,national insurance,national insurance number,nhs,nhs number,nhs no,utr,\
         sozialversicherungsnummer,rentenversicherungsnummer,ahv,ahv nummer,egn,oib,jmbg,cpf,aadhaar,aadhar,pan number,curp,\
         alien registration,alien number,green card,visa number,uscis number,military id,dod id,state id,state id number,sin,\
         government id,residence permit,personal number,personalausweis,voter id,citizen id,military service number",
    ),
    (
        Key::Biometric,
        "fingerprint id,fingerprint template,voiceprint,voice print,voiceprint id,voice id,retina scan,\
         retinal scan,retina id,iris scan,iris id,iris code,iris template,face id,faceprint,face print,facial recognition id,\
         facial template,face template,biometric,biometric id,biometric identifier,biometric template,palm print,palmprint,dna profile,\
         dna sample,dna sample id,genome id,hand geometry,finger print,biometric hash",
    ),
    (
        Key::UniqueId,
        "id number,id no,identification number,identifier,unique identifier,unique id,unique identifying number,employee id,\
         employee number,employee no,badge number,badge no,badge id,badge,student id,student number,case number,case numbers,case no,case id,\
         accession,accession number,accession no,accession id,specimen id,specimen number,specimen,study id,study number,study subject,\
         subject id,subject number,participant id,participant number,participant,trial id,research id,sample id,sample number,\
         barcode,tracking number,reference number,reference no,ref no,ref number,confirmation number,order number,order no,\
         requisition,requisition number,client id,client number,ticket number,donor id,donor number,registry id,registry number,\
         prescription number,prescription no,rx number,rx no,rx,docket,docket number,inmate number,inmate id,locker,unique code,\
         employee,staff id,user identifier,person id,personid,individual id,respondent id,lab id,lab number,lab no,pathology number,\
         enrollment id,enrollment number,\
         personalnummer,personalnr,personeelsnummer,anstallningsnummer,medarbejdernummer,ansattnummer,matrikelnummer,\
         numero de matricule,numero di matricola,numero matricola,matricola,numero de empleado,numero mecanografico,numero de funcionario,\
         numer pracownika,nr pracownika,numer ewidencyjny,osobni cislo,cislo zamestnance,numar angajat,numar matricol,\
         c j,cislo jednaci,sp zn,spisova znacka,spisova zn,nr sprawy,numer sprawy,sygn akt,nr zamowienia,\
         numer zamowienia,nr zgloszenia,numer zgloszenia,nr przesylki,numer przesylki,nr szkody,numer szkody,nr referencyjny,\
         n expediente,numero expediente,n de expediente,numero de pedido,n de pedido,numero de reserva,numero de referencia,\
         n de referencia,numero de siniestro,numero de sinistre,n de sinistre,numero de commande,n de commande,\
         numero de reservation,n de reservation,numero de suivi,n de suivi,reference dossier,n de dossier,n dossier,numero d allocataire,\
         n allocataire,numero pratica,numero di pratica,n pratica,numero protocollo,numero di protocollo,\
         numero ordine,numero d ordine,numero di ordine,codice pratica,codice prenotazione,numero di sinistro,numero sinistro,\
         numero da encomenda,numero de encomenda,numero de protocolo,numar dosar,numarul dosarului,\
         nr dosar,nr comanda,numar comanda,numarul comenzii,numar de inregistrare,nr inregistrare,cislo objednavky,\
         cislo zasilky,cislo zakazky,cislo spisu,ugyszam,karszam,rendelesszam,iktatoszam,azonosito szam,ugyfelszam,broj predmeta,\
         broj narudzbe,asianumero,diaarinumero,tilausnumero,vahinkonumero,potilasnumero,aktenzeichen,geschaftszeichen,geschaftszahl,\
         emp no,emp number,emp id,case ref,case reference,incident no,complaint number,crime reference,crime reference number,\
         crime ref,police report,police report number,police ref,booking reference,booking number,booking ref,reservation number,\
         reservation code,confirmation code,confirmation no,shipment number,parcel number,consignment number,\
         appt id,appointment id,appointment number,donor no,orcid,orcid id,microchip,microchip number,frequent flyer number,frequent flyer,frequent flier,loyalty number,nr ksiegi,numer ksiegi,\
         codul meu de client,arendenummer,arendenr,diarienummer,diarienr,saksnummer,saksnr,sagsnummer,sagsnr,zaaknummer,zaaknr",
    ),
    (
        Key::Secret,
        "password,passwd,subscription key,pwd,passphrase,passcode,pin,secret,client secret,api key,apikey,api token,access key,access token,auth token,\
         secret key,secret access key,private key,token,bearer,authorization,refresh token,session token,session key,signing key,\
         encryption key,webhook secret,connection string,credentials,credential,kennwort,passwort,contrasena,mot de passe,pw,pass,\
         security code,otp,x api key,consumer secret,account key,shared access key,sharedaccesskey,accountkey,secretkey,accesskey,\
         auth key,authtoken,accesstoken,clientsecret,service account key,master key,db password,root password,cvv,cvc,recovery code,\
         aws secret access key,aws session token,wachtwoord,haslo,losenord,adgangskode,kodeord,passord,heslo,parola,senha,palavra passe,\
         mdp,pgpassword,dbpassword,userpassword,adminpassword,rootpassword,loginpassword,mypassword,newpassword,oldpassword,\
         license key,licence key,product key,activation key,verification code,authentication code,auth code,one time code,\
         one time password,one time passcode,one time pin,login code,access code,gate code,door code,entry code,alarm code,garage code,\
         unlock code,sms code,mfa code,tfa code,pin code,pin number,safe code,lockbox code,keypad code,code for the gate,code for the door,\
         code for the garage,code for the alarm,code for the safe,code for the lockbox,code to the gate,code to the door,\
         code to the garage,code to the safe,card verification value,card verification code,card security code,recovery codes,\
         backup codes,backup code,scratch codes,seed phrase,recovery phrase,secret recovery phrase,backup phrase,mnemonic,\
         mnemonic phrase,passwords,losenordet,adgangskoden,kodeordet,passordet,clave de acceso,ww,privatekey,presharedkey,preshared key,pre shared key,psk,signingkey,appkey,\
         app key,application key,snmp server community,community string,securestring,convertto securestring,\
         digicode,code d acces,code porte,code de la porte,code du portail,code portail,code alarme,code de l alarme,code d alarme,\
         codigo de acceso,codigo de la alarma,codigo alarma,codigo del portal,codice allarme,codice cancello,codice porta,\
         turcode,alarmcode,tresorcode,deurcode,toegangscode,pincode,kod do domofonu,kod do bramy,kod do alarmu,kod do drzwi,\
         kod domofonu,portkod,dorrkod,larmkod,dorkode,portkode,alarmkode,dorkoden,larmkoden,portkoden,kod od dveri,kod k alarmu,\
         cod interfon,cod alarma,kapukod,riasztokod,keysafe,key safe,code for the key safe,code for the alarm,keysafe code,\
         key safe code,lock box code,padlock code",
    ),
    (
        Key::Login,
        "user,username,login,login name,loginname,userlogin,log in with,login with,log in as,login as,logged in as,logged in with,\
         log in with username,login with username,sign in with,sign in as,signed in as,logon,usr,actor,screen name,screenname,usuario,\
         benutzer,benutzername,utilisateur,identifiant,nom d utilisateur,gebruikersnaam,nome utente,uzytkownik,brugernavn,\
         anvandarnamn,uzivatel,utilizator,utilizador,gebruiker,usager,bruker,uzytkownika,kayttajatunnus,\
         felhasznalonev,korisnicko ime,reporter,assignee,assigned to,created by,updated by,modified by,requested by,approved by,submitted by,\
         reviewed by,owner,author,reviewer,requester,lastuser,accepted password for,accepted publickey for,failed password for,\
         failed password for invalid user,failed publickey for,invalid user,session opened for user,session closed for user",
    ),
    (
        Key::Network,
        "instagram,insta,ig,profilu,tiktok,snapchat,mastodon,bluesky,threads,ig handle,twitter handle,\
         instagram com,twitter com,x com,facebook com,tiktok com,linkedin com in,snapchat com add,threads net,pinterest com,\
         reddit com user,reddit com u,youtube com,t me",
    ),
    (
        Key::Session,
        "cookie,set cookie,signature,phpsessid,jsessionid,aspsessionid,asp net sessionid,connect sid,laravel session,ci session,sig",
    ),
];

/// A phrase of the table, behind its first word.
struct Rest {
    /// The hash of its first word, as the words of a text have it.
    first: u64,
    /// The same of its second word; 0 if it has none.
    second: u64,
    /// Where its further words stand in the table, and how many there are.
    at: u32,
    count: u32,
    key: Key,
}

/// The phrases by their first word, the longest first, in as few places of the memory as may be.
struct Table {
    /// A part of a first word's hash, and where its phrases stand: open addressing, a power of two. A free slot has none.
    slots: Vec<(u32, u16, u16)>,
    rests: Vec<Rest>,
    words: Vec<&'static str>,
    /// The hashes of the words.
    hashes: Vec<u64>,
}

impl Table {
    fn new(by_word: ByWord<Vec<(Vec<&'static str>, Key)>>) -> Table {
        let slots = vec![(0, 0, 0); (by_word.len() * 2).next_power_of_two()];
        let mut table = Table { slots, rests: Vec::new(), words: Vec::new(), hashes: Vec::new() };
        for (hash, rests) in by_word {
            let from = table.rests.len();
            for (words, key) in rests {
                let (at, count) = (table.words.len() as u32, words.len() as u32);
                table.words.extend(&words);
                table.hashes.extend(words.iter().map(|word| lexicon::hash(word)));
                let second = words.first().map_or(0, |word| lexicon::hash(word));
                table.rests.push(Rest { first: hash, second, at, count, key });
            }
            let to = table.rests.len();
            assert!(to <= usize::from(u16::MAX), "more phrases than a slot can say");
            let mut slot = hash as usize;
            while !table.free(slot) {
                slot += 1;
            }
            let mask = table.slots.len() - 1;
            table.slots[slot & mask] = ((hash >> 32) as u32, from as u16, to as u16);
        }
        table
    }

    fn free(&self, slot: usize) -> bool {
        let (_, from, to) = self.slots[slot & (self.slots.len() - 1)];
        from == to
    }

    /// The phrases that begin with the word of this hash.
    #[inline]
    fn get(&self, hash: u64) -> &[Rest] {
        let mut slot = hash as usize;
        loop {
            let (part, from, to) = self.slots[slot & (self.slots.len() - 1)];
            if from == to {
                return &[];
            }
            let rests = &self.rests[usize::from(from)..usize::from(to)];
            if part == (hash >> 32) as u32 && rests[0].first == hash {
                return rests;
            }
            slot += 1;
        }
    }

    /// What is left of a key's words behind this phrase, if they go on with it.
    fn behind<'k>(&self, rest: &Rest, spaced: &'k [u8]) -> Option<&'k [u8]> {
        self.words[rest.at as usize..][..rest.count as usize].iter().try_fold(spaced, |spaced, wanted| {
            next_word(spaced).filter(|(word, _)| *word == wanted.as_bytes()).map(|(_, behind)| behind)
        })
    }
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table: ByWord<Vec<(Vec<&'static str>, Key)>> = ByWord::default();
    for (key, phrase) in phrases() {
        let mut words = phrase.split(' ');
        let first = words.next().unwrap_or_default();
        let words: Vec<&str> = words.collect();
        // A word with a digit has no hash in a text: such a phrase would never be found.
        debug_assert!(words.iter().all(|word| !word.contains(|c: char| c.is_ascii_digit())), "{phrase}");
        table.entry(lexicon::hash(first)).or_default().push((words, key));
    }
    for rests in table.values_mut() {
        rests.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
    }
    Table::new(table)
});

fn phrases() -> impl Iterator<Item = (Key, &'static str)> {
    PHRASES
        .iter()
        .flat_map(|(key, list)| list.split(',').map(|phrase| (*key, phrase.trim())))
        .filter(|(_, phrase)| !phrase.is_empty())
        .chain(super::eu::phrases())
        .chain(super::secret_context::phrases())
        .chain(super::secret_command::phrases())
}

/// The first word of every phrase, for the lexicon.
pub(crate) fn first_words() -> impl Iterator<Item = &'static str> {
    phrases().map(|(_, phrase)| phrase.split(' ').next().unwrap_or_default())
}

/// The words in which ages over 89 are said.
pub(crate) static AGE_WORDS: LazyLock<[u64; 2]> =
    LazyLock::new(|| [lexicon::hash("ninety"), lexicon::hash("hundred")]);

/// Adds every keyword in the text: at each word the longest phrase, none inside another. Gives whether one of
/// [`AGE_WORDS`] stands there.
pub(crate) fn find(text: &Text<'_>, hits: &mut Vec<KeyHit>) -> bool {
    let words = text.words();
    let table = &*TABLE;
    let [ninety, hundred] = *AGE_WORDS;
    let (mut next, mut age_words) = (0, false);
    for (index, word) in text.hot().filter(|(_, word)| word.lex.any(Lex::KEY)) {
        if index < next {
            continue;
        }
        match longest(table, text, index) {
            Some((key, count)) => {
                let last = index + count;
                hits.push(KeyHit { key, first: index, last, end: words[last].end as usize });
                next = last + 1;
            }
            None => age_words |= word.hash == ninety || word.hash == hundred,
        }
    }
    age_words
}

fn longest(table: &Table, text: &Text<'_>, index: usize) -> Option<(Key, usize)> {
    let words = &text.words()[index..];
    let second = words.get(1).map_or(0, |word| word.hash);
    let goes_on = |rest: &Rest| {
        let hashes = &table.hashes[rest.at as usize..][..rest.count as usize];
        words.len() > hashes.len()
            && hashes.iter().zip(&words[1..]).all(|(hash, word)| word.hash == *hash)
            && (0..hashes.len()).all(|offset| joins(text.gap(index + offset)))
    };
    let mut rests = table.get(words[0].hash).iter();
    let found = rests.find(|rest| rest.count == 0 || rest.second == second && goes_on(rest))?;
    Some((found.key, found.count as usize))
}

/// Whether a gap may stand inside a phrase: a space, `_`, `-`, an apostrophe, a dot.
fn joins(gap: &str) -> bool {
    matches!(gap, " " | "_" | "-" | "'" | "’" | "." | ". " | "  " | "/" | "\n" | "° ")
}

/// The longest JSON key that is looked at, in bytes.
const KEY_BYTES_MAX: usize = 256;

/// What a JSON key announces, a bit for each keyword: those among its words, `patientMRN` and `member_id` cut apart.
pub(crate) fn of_key(key: &str) -> u64 {
    if key.len() > KEY_BYTES_MAX {
        return 0;
    }
    let (mut buffer, folded);
    let mut rest = if key.is_ascii() {
        buffer = [b' '; 2 * KEY_BYTES_MAX];
        spaced_ascii(key.as_bytes(), &mut buffer)
    } else {
        folded = spaced(key);
        folded.as_bytes()
    };
    let table = &*TABLE;
    let (spaced, mut found) = (rest, 0);
    while let Some((word, behind)) = next_word(rest) {
        let mut phrases = table.get(lexicon::hash_folded(word)).iter();
        let hit = phrases.find_map(|phrase| Some((phrase.key, table.behind(phrase, behind)?)));
        rest = match hit {
            Some((key, behind)) => {
                found |= key.bit();
                behind
            }
            None => behind,
        };
    }
    if found & Key::Secret.bit() != 0 && is_about_secret(spaced) { found & !Key::Secret.bit() } else { found }
}

/// Whether a key that ends so is about a credential and holds none: `user_api_key_user_email`, `access_token_url`,
/// `secret_name`.
fn is_about_secret(spaced: &[u8]) -> bool {
    const ABOUT: [&[u8]; 16] = [
        b"email",
        b"alias",
        b"route",
        b"url",
        b"uri",
        b"endpoint",
        b"name",
        b"arn",
        b"path",
        b"role",
        b"roles",
        b"budget",
        b"spend",
        b"limit",
        b"count",
        b"metadata",
    ];
    const WHOSE: [&[u8]; 6] = [b"user", b"team", b"org", b"organization", b"project", b"customer"];
    let mut words = spaced.rsplit(|byte| *byte == b' ').filter(|word| !word.is_empty());
    let (last, before) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    ABOUT.contains(&last) || last == b"id" && WHOSE.contains(&before)
}

/// The first of the words with spaces between, and what stands behind it.
fn next_word(spaced: &[u8]) -> Option<(&[u8], &[u8])> {
    let start = spaced.iter().position(|byte| *byte != b' ')?;
    let word = &spaced[start..];
    Some(word.split_at(memchr::memchr(b' ', word).unwrap_or(word.len())))
}

/// [`spaced`] for ASCII, without an allocation. The buffer has room for a space before each letter.
fn spaced_ascii<'b>(key: &[u8], buffer: &'b mut [u8; 2 * KEY_BYTES_MAX]) -> &'b [u8] {
    let (mut before, mut length) = (b' ', 0);
    for (at, &letter) in key.iter().enumerate() {
        let joint = letter.is_ascii_uppercase()
            && (before.is_ascii_lowercase()
                || (before.is_ascii_uppercase() && key.get(at + 1).is_some_and(u8::is_ascii_lowercase)));
        length += usize::from(joint);
        if letter.is_ascii_alphanumeric() {
            buffer[length] = letter.to_ascii_lowercase();
        }
        length += 1;
        before = letter;
    }
    &buffer[..length]
}

/// A key in lower case with a space at each joint: `dateOfBirth`, `date_of_birth` and `DateOfBirth` are one.
fn spaced(key: &str) -> String {
    let mut spaced = String::with_capacity(key.len() + 8);
    let mut before = ' ';
    let letters: Vec<char> = key.chars().collect();
    for (at, &letter) in letters.iter().enumerate() {
        let joint = letter.is_uppercase()
            && (before.is_lowercase()
                || (before.is_uppercase() && letters.get(at + 1).is_some_and(|next| next.is_lowercase())));
        if joint {
            spaced.push(' ');
        }
        if letter.is_alphanumeric() {
            spaced.extend(letter.to_lowercase());
        } else {
            spaced.push(' ');
        }
        before = letter;
    }
    lexicon::fold(&spaced)
}
