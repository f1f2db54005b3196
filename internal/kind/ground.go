package kind

import "slices"

// Ground is a reason in law, from a closed list: "consent-withdrawn".
type Ground struct {
	Code     string // as the record has it
	Label    string // "The person has withdrawn consent"
	Citation string // "UK GDPR Article 17(1)(b)"
	About    string // when it holds, in a sentence; may be empty
}

// Words is the ground with its citation, as it stands within a sentence.
func (g Ground) Words() string { return Lower(g.Label) + " (" + g.Citation + ")" }

// Erasing are the grounds on which content is taken out of the record for ever. Freedom of information is none of them: it lets a council
// withhold, and requires nothing to be destroyed.
var Erasing = []Ground{
	{"not-needed", "It is no longer needed for what it was recorded for", "UK GDPR Article 17(1)(a)", ""},
	{"consent-withdrawn", "The person has withdrawn consent", "UK GDPR Article 17(1)(b)", "Only where consent was the lawful basis, and there is no other."},
	{"objected", "The person has objected", "UK GDPR Article 17(1)(c)", "Under Article 21, and no overriding legitimate grounds remain."},
	{"unlawful", "It was recorded unlawfully", "UK GDPR Article 17(1)(d)", ""},
	{"legal-obligation", "The law requires that it is erased", "UK GDPR Article 17(1)(e)", "Say in the reason which law."},
	{"child", "It was collected from a child by an online service", "UK GDPR Article 17(1)(f)", ""},
	{"kept-long-enough", "The time for which it may be kept is over", "UK GDPR Article 5(1)(e)", "By the council’s retention schedule."},
	{"too-much", "More was recorded than is necessary", "UK GDPR Article 5(1)(c)", ""},
	{"inaccurate", "It is false, and must not stand", "UK GDPR Articles 5(1)(d) and 16", "A correction leaves the old words in the history. Choose this where they must go from there too."},
	{"court", "A court has ordered it", "order of a court, for example under section 167 of the Data Protection Act 2018", ""},
	{"regulator", "The regulator of data protection has ordered it", "enforcement notice under section 149 of the Data Protection Act 2018", ""},
}

// Askers are those who can ask for an erasure. They are a closed list so that no name comes into the record with the request.
var Askers = []Ground{
	{Code: "person", Label: "The person it is about"},
	{Code: "representative", Label: "Somebody who acts for that person"},
	{Code: "council", Label: "The council itself"},
	{Code: "court", Label: "A court"},
	{Code: "regulator", Label: "The regulator of data protection"},
}

// Withholding are the grounds on which something that stays in the record is left out of what is given to somebody who asks, or out of the
// public papers of a meeting.
var Withholding = []Ground{
	{"foi-21", "They can reasonably get it elsewhere", "Freedom of Information Act 2000 section 21", "Absolute. Say where."},
	{"foi-22", "It is to be published", "Freedom of Information Act 2000 section 22", "Public interest test."},
	{"foi-30", "Investigations and proceedings", "Freedom of Information Act 2000 section 30", "Public interest test."},
	{"foi-31", "Law enforcement, and regulators’ work", "Freedom of Information Act 2000 section 31", "Public interest test."},
	{"foi-32", "Court records", "Freedom of Information Act 2000 section 32", "Absolute."},
	{"foi-36", "Prejudice to the effective conduct of public affairs", "Freedom of Information Act 2000 section 36", "Needs the opinion of the council’s qualified person. Public interest test."},
	{"foi-38", "Health and safety", "Freedom of Information Act 2000 section 38", "Public interest test."},
	{"foi-40-1", "Personal data of whoever asks", "Freedom of Information Act 2000 section 40(1)", "Absolute. Answer it as a subject access request."},
	{"foi-40-2", "Personal data of somebody else", "Freedom of Information Act 2000 section 40(2)", "Where giving it out would be against the data protection principles."},
	{"foi-41", "It was given in confidence", "Freedom of Information Act 2000 section 41", "Absolute."},
	{"foi-42", "Legal professional privilege", "Freedom of Information Act 2000 section 42", "Public interest test."},
	{"foi-43", "Trade secrets, or commercial interests", "Freedom of Information Act 2000 section 43", "Public interest test."},
	{"foi-44", "Another law forbids it", "Freedom of Information Act 2000 section 44", "Absolute. Say which law."},
	{"12a-1", "About an individual", "Local Government Act 1972 Schedule 12A paragraph 1", "Papers of a meeting. Public interest test."},
	{"12a-2", "Likely to reveal who an individual is", "Local Government Act 1972 Schedule 12A paragraph 2", "Papers of a meeting. Public interest test."},
	{"12a-3", "Financial or business affairs", "Local Government Act 1972 Schedule 12A paragraph 3", "Papers of a meeting. Public interest test."},
	{"12a-4", "Consultations or negotiations about labour relations", "Local Government Act 1972 Schedule 12A paragraph 4", "Papers of a meeting. Public interest test."},
	{"12a-5", "Legal professional privilege in proceedings", "Local Government Act 1972 Schedule 12A paragraph 5", "Papers of a meeting. Public interest test."},
	{"12a-6", "A notice, order or direction that the council proposes", "Local Government Act 1972 Schedule 12A paragraph 6", "Papers of a meeting. Public interest test."},
	{"12a-7", "Prevention, investigation or prosecution of crime", "Local Government Act 1972 Schedule 12A paragraph 7", "Papers of a meeting. Public interest test."},
}

// GroundOf finds a ground in a list by its code.
func GroundOf(list []Ground, code string) (Ground, bool) {
	i := slices.IndexFunc(list, func(g Ground) bool { return g.Code == code })
	if i < 0 {
		return Ground{}, false
	}
	return list[i], true
}
