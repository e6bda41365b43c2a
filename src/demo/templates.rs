//! What the people of the demonstration ask models: hospital, insurer and bank. `{…}` is a field of the person.

/// A prompt and the answer to it, the purpose that the caller declares, and the team that asks.
pub(super) struct Template {
    pub(super) team: &'static str,
    pub(super) purpose: &'static str,
    pub(super) prompt: &'static str,
    pub(super) answer: &'static str,
}

const fn ask(
    team: &'static str,
    purpose: &'static str,
    prompt: &'static str,
    answer: &'static str,
) -> Template {
    Template { team, purpose, prompt, answer }
}

#[rustfmt::skip]
pub(super) const TEMPLATES: &[Template] = &[
    ask("cardiology", "treatment", "Summarise the visit of {name} (MRN {mrn}) on {visit} for the discharge letter.", "{name} was seen for {condition} and continues {drug}. Follow-up in two weeks."),
    ask("cardiology", "treatment", "Is {drug} safe to continue for {name}, DOB {dob}, with {condition}?", "Yes, with monitoring of renal function. Tell Dr. {doctor} about any bleeding."),
    ask("cardiology", "treatment", "Draft a referral from Dr. {doctor} for patient {name}, phone {phone}, to the heart failure clinic.", "Dear colleague, please see {name}, {age} years old, with {condition}."),
    ask("cardiology", "treatment", "List red flags to mention to {name} by phone at {phone} after starting {drug}.", "Chest pain, fainting, black stools. Mr. or Ms. {last} should call at once."),
    ask("discharge", "treatment", "Write discharge instructions in plain words for {name}, living at {address}.", "You were in hospital for {condition}. Take {drug} every morning."),
    ask("discharge", "treatment", "Turn this into a letter: patient {name}, born {dob}, admitted {visit}, diagnosis {condition}.", "This letter confirms the stay of {name} from {visit}."),
    ask("discharge", "treatment", "Which follow-up appointments does {name} (MRN: {mrn}) need?", "Laboratory in one week, Dr. {doctor} in two."),
    ask("discharge", "treatment", "Translate for the daughter of {name}, e-mail {email}: take {drug} with food.", "Sent: take {drug} with food, twice a day."),
    ask("nursing", "treatment", "Hand over {name}, bed 12: {condition}, on {drug}, allergic to penicillin.", "{name}, bed 12, stable. Watch for swelling."),
    ask("nursing", "treatment", "What did {name} weigh on {visit}? MRN {mrn}.", "The chart of {visit} has no weight."),
    ask("nursing", "treatment", "Remind me what to check before giving {drug}.", "Pulse, blood pressure 120/80 or as ordered, and the last potassium."),
    ask("nursing", "treatment", "Fall risk for a {age}-year-old with {condition}?", "High above 80 years or with sedatives. Use the bed alarm."),
    ask("coding", "payment", "Suggest ICD-10 codes for {condition} in the chart of {name}, MRN {mrn}.", "Consider I50.32 or E11.9, depending on documentation."),
    ask("coding", "payment", "Does the note of {visit} for {name} support a level 4 visit?", "Yes, by time: 34 minutes are documented."),
    ask("coding", "payment", "Explain why claim {claim} of member {member} was denied.", "The authorisation was missing on {visit}."),
    ask("coding", "payment", "Which modifiers fit two procedures on one day?", "Modifier 59 or XS, when the sites differ."),
    ask("claims", "payment", "Summarise claim {claim}: member {member}, {name}, {amount}, {condition}.", "Claim {claim} over {amount} is for {condition}."),
    ask("claims", "payment", "Write to {name}, {address}, that claim {claim} is approved for {amount}.", "Dear {name}, your claim {claim} is approved for {amount}."),
    ask("claims", "payment", "Is {member} the right member id for {name}, born {dob}?", "The id has the right shape. Check the date of birth."),
    ask("claims", "payment", "Draft an appeal for {name} against the denial of {drug}.", "We appeal the denial of {drug} for {name}, whose doctor, Dr. {doctor}, finds it necessary."),
    ask("claims", "operations", "How many days does a clean claim take under our contract?", "Thirty calendar days from receipt."),
    ask("prior-auth", "payment", "Prior authorisation for {drug}: {name}, member {member}, diagnosis {condition}. What is missing?", "The last ejection fraction and the name of the prescriber."),
    ask("prior-auth", "payment", "Call script for {name} at {phone} about the authorisation of {drug}.", "Hello, this is about the request of {visit}."),
    ask("prior-auth", "payment", "Does policy require step therapy before {drug}?", "Yes, one generic for thirty days."),
    ask("prior-auth", "payment", "Fax cover for Dr. {doctor}, fax: {phone}, about patient {name}.", "To Dr. {doctor}. Re: {name}. Three pages."),
    ask("research", "research", "How many patients over 65 with {condition} took {drug}?", "Counts need the approved cohort tool, not free text."),
    ask("research", "research", "Write SQL to count admissions by month.", "SELECT date_trunc('month', admitted), count(*) FROM admissions GROUP BY 1"),
    ask("research", "research", "Explain propensity scores to a resident.", "They estimate the chance of treatment given what was measured."),
    ask("research", "research", "De-identify: {name}, {age} years, seen {visit}, SSN {ssn}.", "A patient, {age} years, seen this year."),
    ask("pharmacy", "treatment", "Interactions of {drug} and ibuprofen for {name}?", "Avoid the combination; tell {name} to use acetaminophen."),
    ask("pharmacy", "treatment", "Refill for {name}, DOB {dob}, {phone}: {drug} 90 tablets.", "Refill of {drug} prepared for {name}."),
    ask("pharmacy", "treatment", "Convert {drug} from 25 mg twice daily to once daily.", "50 mg of the extended-release form once daily."),
    ask("front-desk", "operations", "Reschedule {name} ({email}) from {visit} to next week.", "Dear {name}, your visit was moved."),
    ask("front-desk", "operations", "What does {name} owe? Account number {account}.", "The balance of the account is {amount}."),
    ask("front-desk", "operations", "Polite answer to a complaint of {name} about waiting on {visit}.", "Dear {name}, we are sorry that you waited."),
    ask("front-desk", "operations", "Opening hours on public holidays?", "Emergency only; the clinic opens at 8 the day after."),
    ask("fraud", "operations", "Compare the signatures on claims {claim} of {name}, SSN {ssn}.", "Signatures cannot be compared in text; ask for the scans."),
    ask("fraud", "operations", "Summarise transfers over {amount} from account {account}, holder {name}.", "Two transfers, both to a new payee."),
    ask("fraud", "operations", "Card 4539 1488 0343 6467 of {name} was used twice in a minute. Next step?", "Block the card and call the holder at {phone}."),
    ask("lending", "operations", "Assess the application of {name}, born {dob}, income {amount}, address {address}.", "The income covers the instalments; check the address."),
    ask("lending", "operations", "Explain to {name} ({email}) why the loan was declined.", "Dear {name}, the debt ratio was above the limit."),
    ask("lending", "operations", "Which documents prove income of a self-employed customer?", "Two tax returns and three months of statements."),
    ask("it-helpdesk", "operations", "Reset the portal for {email}; the user says password=Winter-2026! no longer works.", "Reset link sent. Please do not send passwords."),
    ask("it-helpdesk", "operations", "Why does this fail? curl -H 'Authorization: Bearer sk-proj-Zk3v9Qw7Lx2Tn8Rb5Yp1Hd6Jm4Cs0Ga' https://api.example.org/v1", "The key was revoked. Rotate it, it is now in a log."),
];
