//! The commonest words of eleven languages other than English: what is one of them is no name in small letters.
//!
//! The lexicon's words are English. To it `klagt über` and `sem alterações` are two words in no list, which in an English
//! note are a person's name. Articles, pronouns, prepositions, conjunctions, the commonest verbs and adverbs, and what every
//! clinical note says: written for this file, the function words after each language's grammar. Frequent given names (`hans`)
//! are none of them, rarer ones (`dag`, `sina`) only amid other words of these languages.

use std::sync::LazyLock;

use super::lexicon::{self, Lex, WordSet};
use super::name;
use super::text::{Shape, Text, Word};
use super::words::Words;

/// How many words on either side of a name tell what language it stands in.
const REACH_WORDS: usize = 4;
/// And that it is German: every noun there looks like a name.
const REACH_GERMAN_WORDS: usize = 8;
/// The shortest word that tells it, in bytes: shorter ones are abbreviations of English notes as well.
const TELLING_BYTES_MIN: usize = 3;

#[rustfmt::skip]
const GERMAN: &str = "die das dem des ein eine einen einem einer eines und oder aber nicht kein keine keinen keiner \
    ich du er sie es wir ihr mich mir dich dir ihn ihm ihnen uns euch mein meine meinen meinem meiner sein seine seinen \
    seinem seiner ihre ihren ihrem ihrer unser unsere dieser diese dieses diesen jeder jede jeden welche welcher man sich \
    mit nach seit bei aus auf für über unter vor von zum zur beim vom ins ans gegen ohne durch um bis zwischen wegen während \
    ist sind war waren wird werden wurde wurden worden hat habe haben hatte hatten kann können konnte muss müssen soll sollte \
    sollten darf möchte will wollen gibt gab geht ging kommt kam nimmt nehmen bringen trinken schonen bitte klagt leidet bekommt erhält \
    zeigt wünscht empfehlen erklären schlafen erhalten rief kamen wach auch noch schon nur sehr mehr weniger wieder immer heute gestern \
    morgen jetzt dann wenn weil dass als wie was wer wo hier dort etwas nichts viel viele gut schlecht starke starken leichte rechts links rechten linken \
    rechte linke tag tage tagen woche wochen monat monate jahr jahre jahren stunden uhr seitdem drei vier fünf sechs sieben acht neun zehn zwei \
    patientin patienten schmerz schmerzen rückenschmerzen kopfschmerzen fieber husten übelkeit befund behandlung rezept tabletten \
    medikament medikamente medikation untersuchung frühstück krankenhaus arzt ärztin hausarzt herr frau knie brust bauch rücken kopf herz lunge \
    unauffällig orientiert ansprechbar bekannt stationär ambulant entlassen aufgenommen";

#[rustfmt::skip]
const OTHERS: [&str; 10] = [
    // French
    "le les un une des du au aux et ou mais donc car ne pas plus moins très trop peu je tu il elle on nous vous ils elles me te se \
    lui leur mon ma mes ton ta tes son sa ses notre votre ce cet cette ces qui que quoi dont où dans sur sous avec sans pour par \
    chez vers entre depuis pendant avant après jusqu contre selon est sont était été être suis êtes ai as avons avez ont avait avoir \
    fait faire peut doit va vais prend prendre prenez vu vue plaint souffre présente sera serait informé traitant hormis lors ainsi aussi \
    encore déjà toujours jamais rien tout toute tous toutes bien mal jour jours semaine semaines mois ans heures matin soir hier \
    rendez patiente douleur douleurs fièvre toux insuffisance rénale rénal cardiaque chronique aiguë thoracique lombaire lombaires sanguin sanguine \
    légère anémie traitement comprimé comprimés médecin antécédents allergie examen normale droite gauche",
    // Spanish
    "los las unos unas al y o pero sino no ni sí muy más menos yo tú él ella nosotros ustedes ellos ellas lo le les se mi mis tu tus su sus \
    este esta estos estas ese esa eso esto que quien cual donde cuando como con sin por para desde hasta entre sobre tras según durante \
    es son era fue ser está están estar soy estoy ha he han hay haber había tiene tengo tienen tener toma tomo tome tomar tuvo hace \
    refiere niega acude presenta duele cuesta dormir recetó recomienda comer cada ocho horas hora día días semana semanas mes meses años ayer hoy \
    mañana noche tarde bien mal también ya aún siempre nunca nada algo todo toda todos todas derecho derecha izquierdo izquierda dolor fiebre tos náuseas mareos \
    pastilla pastillas jarabe tensión presión herida rodilla pecho cabeza espalda médico médica consulta dos tres cuatro cinco seis siete",
    // Italian
    "il lo gli i un uno una dei degli delle del dello alla alle allo ai agli al dal dalla dai nel nella nei negli nelle sul sulla con senza per tra fra \
    e ed o ma non né più meno molto poco io tu lui lei noi voi loro mi ti si ci vi mio mia miei mie tuo tua suo sua suoi sue nostro nostra vostro \
    questo questa questi queste quello quella che chi cui dove quando come perché è sono era ho hai ha abbiamo avete hanno aveva avere essere stato stata \
    fa fare può deve viene lamenta riferisce soffre prenda prendere assume dormire riesco consiglia prescritto ogni giorno giorni settimana settimane \
    mese mesi anni ieri oggi domani mattino sera bene male anche ancora già sempre mai niente tutto tutta dolore febbre tosse nausea mal testa petto addome \
    compressa compresse farmaco farmaci medico paziente pazienti vigile orientato febbrile destro destra sinistro sinistra due tre quattro cinque",
    // Dutch
    "het een geen niet wel en of maar want dus ik jij je hij zij ze wij we jullie mij hem haar ons hun mijn jouw zijn uw onze dit dat deze die wie wat waar \
    wanneer hoe met zonder voor van naar uit bij tot tegen door over onder op aan tussen sinds tijdens na te om is was waren ben bent heb hebt heeft hebben had \
    hadden kan kunnen kon moet moeten mag wil willen zal zou zouden wordt worden werd werden gaat gaan komt komen neemt neem nemen voelt zich ziet geneest slapen eten \
    schreef slikt belt last al nog ook weer altijd nooit niets iets veel weinig meer minder erg goed slecht gisteren vandaag morgen dag dagen week weken \
    maand maanden jaar jaren uur glas patiënt patiënte pijn jeuk koorts hoesten keelpijn misselijk moe bloeddruk hoge lage wond tabletten medicijnen huisarts afdeling \
    polikliniek rug buik hoofd borst knie links rechts vader moeder zoon dochter broer zus drie vier vijf zes zeven acht twee",
    // Portuguese
    "os as um uma uns umas ao aos à às no na nos nas num numa pelo pela pelos pelas com sem por para desde até entre sobre e ou mas não nem sim muito muita mais menos \
    eu tu ele ela nós vós eles elas me te se lhe meu minha meus minhas teu tua seu sua seus suas este esta isto esse essa isso aquele que quem qual onde quando como \
    é são era foi ser está estão estar estou há tem tenho têm ter tinha teve toma tomar tome faz fazer pode deve refere apresenta nega dois duas três quatro cinco \
    seis sete dia dias semana semanas mês meses anos ontem hoje amanhã manhã noite vez vezes bem mal também ainda já sempre nunca nada algo tudo todo toda dor dores febre tosse seca \
    torácica abdominal alterações achados sinais ferida comprimido comprimidos remédio medicamentos médico médica consulta paciente jantar pressão direito direita esquerdo esquerda",
    // Polish
    "i a w we z ze do na o od po pod nad przed przy przez dla bez za ku u nie tak jest są był była było byli być mam ma masz mamy mają miał miała może musi \
    ja ty on ona ono my wy oni mnie mi ciebie ci jego jej jemu ich im się siebie mój moja moje mojego twój swój nasz ten ta to tego tej tym co kto który która które gdzie \
    kiedy jak ale lub albo oraz czy że żeby bo gdy bardzo więcej mniej już jeszcze zawsze nigdy nic coś wszystko dobrze źle dziś dzisiaj wczoraj jutro rano wieczorem dzień dni \
    tydzień tygodnie tygodni miesiąc lat rok od trzy dwa cztery pięć sześć siedem pacjent pacjenta pacjentka pacjentki ból bóle boli gorączka gorączki gorączkę kaszel kaszle leki lek lekarz lekarza \
    tabletkę tabletki bierze skarży zgłasza choruje wysypkę spać mogę plecach głowa brzucha badaniu brak pan pani pana panu panem",
    // Swedish
    "och men eller att som inte en ett den det de jag du han hon vi ni mig dig honom henne oss er dem sin sitt sina min mitt mina din ditt dina hans hennes vår vårt våra \
    är var vara varit har hade ha kan kunde ska skulle vill ville måste får fick blir blev går gick kommer kom tar ta tog mår klagar åka sova läker på av med för till från om hos vid \
    under över mellan utan efter före innan sedan mot genom när där här vad vem hur varför mycket mer mindre bra bättre dålig också igen alltid aldrig inget något allt idag igår imorgon dag \
    dagar vecka veckor månad år timmar hem ont smärta bröstet feber hosta läkemedel tablett tabletter läkare läkaren patienten ryggen magen huvudet utslag två tre fyra fem sex sju",
    // Danish and Norwegian
    "og men eller at som ikke ingen et jeg du han hun vi dere mig meg dig deg ham hende henne os oss dem sig seg sin sit sitt sine min mit mitt mine din dit hans hendes hennes vor vores vår \
    er var være været har havde hadde ha kan kunne skal skulle vil ville må måtte får fik fikk bliver blir blev ble går gik gikk kommer kom tager tar tage klager sove på af av med for til fra om hos ved \
    under over mellem mellom uden uten efter etter før siden mod mot gennem gjennom når der her hvad hva hvem hvor hvordan meget mye mere mer mindre godt bedre dårlig også igen igjen altid alltid aldrig aldri noget noe alt \
    dag dage dager uge uger uke uker måned måneder år timer hjem gerne gjerne ondt vondt smerter brystet feber hoste medicin medisin tablet tabletter læge lægen lege legen patienten pasienten ryggen maven magen udslæt to tre fire fem syv",
    // Czech
    "a v ve z ze s se k ke do na o od po pod nad před při pro bez za u i ani nebo ale že aby když protože ne ano je jsou jsem jsi jsme byl byla bylo byli být mám má máš máme mají měl měla může musí nemá není nemůžu \
    já ty on ona ono my vy oni mě mi mne tě ti ho mu jí ji jich jim si sebe můj moje moji mého tvůj svůj náš ten ta to toho té tím co kdo který která které kde kdy jak velmi více méně již už ještě vždy nikdy nic něco vše \
    dobře špatně dnes včera zítra ráno večer den dny dní týden týdny týdnů měsíc let rok tři dva čtyři pět šest sedm pacient pacienta pacientka pacientky bolest bolesti bolí horečku horečka teplotu kašel kašle suchý léky lék lékař \
    lékaře tabletu tablety bere stěžuje vyrážku spát zádech hlava břicha rána hojí paní pan pana panu panem",
    // Romanian
    "și sau dar iar nu da un o una unui unei ale ai al ale la cu fără în din de pe pentru prin până după între sub spre către când unde cum care ce cine că să eu tu el ea noi voi ei ele mă te se îl îi le ne vă îmi își \
    meu mea mei mele tău ta său sa lui lor nostru noastră acest această este sunt era fost fi am ai are avem aveți au avea poate trebuie pot prezintă acuză ia iau luați doare dorm tușește mai foarte mult puțin bine rău azi ieri mâine dimineața seara \
    zi zile săptămână săptămâni lună luni ani ore pacient pacientul pacienta durere dureri febră tuse pastile comprimat comprimate medic medicul medicamente cap capul spate piept abdomen două trei patru cinci șase șapte",
];

static GERMAN_SET: LazyLock<WordSet> =
    LazyLock::new(|| GERMAN.split_whitespace().map(lexicon::hash).collect());
static OTHERS_SET: LazyLock<WordSet> =
    LazyLock::new(|| OTHERS.iter().flat_map(|list| list.split_whitespace()).map(lexicon::hash).collect());

/// Names that are words of some language: they are one of it only amid it.
const NAMES: Lex = Lex::FIRST_ANY.or(Lex::LAST);

/// Whether the word is one of these languages, however it is spelled, and no name.
pub(super) fn is_word(word: &Word) -> bool {
    is_listed(word) && !word.lex.any(NAMES)
}

/// Verbs that hardly anybody is called by: "mi padre toma omeprazol" has no word beside it that tells the language.
static VERBS: LazyLock<WordSet> = LazyLock::new(|| lexicon::set(&["toma", "tomo"]));

/// Whether the word at that index is one of these languages: if it is a name as well, by the words beside it.
pub(super) fn is_word_at(text: &Text<'_>, index: usize) -> bool {
    let word = &text.words()[index];
    if word.shape == Shape::Lower && VERBS.contains(&word.hash) {
        return true;
    }
    let borne = word.lex.any(NAMES);
    // "Ben" is a name amid Dutch, "ben" is none.
    let name = word.lex.any(Lex::FIRST) && word.shape != Shape::Lower;
    is_listed(word) && !name && (!borne || amid(text, index, index))
}

/// Whether these words stand amid words of any of these languages that are none of English.
pub(super) fn amid(text: &Text<'_>, first: usize, last: usize) -> bool {
    beside(text, first, last, REACH_WORDS).any(is_listed)
}

/// Whether they stand amid German, which has a capital for every noun.
pub(super) fn amid_german(text: &Text<'_>, first: usize, last: usize) -> bool {
    beside(text, first, last, REACH_GERMAN_WORDS).any(|word| GERMAN_SET.contains(&word.hash))
}

/// `El`, `Le`, `Der` in a text of another language than English: an article before a word that nobody is called by.
pub(super) fn is_article(text: &Text<'_>, index: usize) -> bool {
    static ARTICLES: Words<14> = Words::new([
        "der", "den", "dem", "des", "el", "los", "las", "la", "le", "il", "lo", "gli", "het", "een",
    ]);
    let next = text.word_at(index + 1);
    ARTICLES.hold(text.spelled(index))
        && text.holds(Lex::FUNCTION)
        && next
            .is_some_and(|next| !next.lex.any(Lex::LAST_ANY) || next.lex.any(Lex::TOWN.or(Lex::TOWN_ABROAD)))
}

fn is_listed(word: &Word) -> bool {
    word.lex.any(Lex::FUNCTION) || OTHERS_SET.contains(&word.hash) || GERMAN_SET.contains(&word.hash)
}

/// The words on either side that may tell a language: those that English has not, nor notes in English, nor names.
fn beside<'t>(text: &'t Text<'_>, first: usize, last: usize, reach: usize) -> impl Iterator<Item = &'t Word> {
    let words = text.words();
    let around = first.saturating_sub(reach)..words.len().min(last + 1 + reach);
    around.filter(move |at| !(first..=last).contains(at)).filter_map(move |at| {
        let word = &words[at];
        let spelled = text.spelled(at);
        let tells = word.len() >= TELLING_BYTES_MIN || !spelled.is_ascii();
        (tells && !word.lex.any(Lex::WORD.or(NAMES)) && !name::is_particle(spelled)).then_some(word)
    })
}
