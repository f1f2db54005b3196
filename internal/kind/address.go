package kind

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"plumbline/internal/fact"
)

// AddressWords are the words that, after a section or the address of a kind, stand for a page and not for a kind or a record: no
// kind may be addressed by one, and no id is made of one.
var AddressWords = []string{
	"areas", "assurance", "change", "check", "compare", "delete", "delivery", "download", "end", "history", "import", "new", "packs", "records",
	"rounds", "statutory-roles", "structure", "timeline", "who-answers", "work-programme",
}

// Path is the address of the kind: /structure/posts, or /proposals where the kind is what its section is named for, or opens with.
func (k *Kind) Path() string { return k.path }

func address(k *Kind) string {
	if s := Slug(k.Plural); s != k.Section && !k.Home {
		return "/" + k.Section + "/" + s
	}
	return "/" + k.Section
}

// At gives the kind whose Path is /section/slug, or /section where slug is empty; nil if there is none.
func (s *Set) At(section, slug string) *Kind {
	path := "/" + section
	if slug != "" {
		path += "/" + slug
	}
	for _, k := range s.All {
		if k.Path() == path {
			return k
		}
	}
	return nil
}

// folded is what letters of European names become in an address, where they have no other place.
var folded = strings.NewReplacer(
	"à", "a", "á", "a", "â", "a", "ã", "a", "ä", "a", "å", "a", "ā", "a", "ą", "a", "æ", "ae", "ç", "c", "ć", "c", "č", "c", "ď", "d", "ð", "d",
	"è", "e", "é", "e", "ê", "e", "ë", "e", "ē", "e", "ę", "e", "ě", "e", "ğ", "g", "ì", "i", "í", "i", "î", "i", "ï", "i", "ī", "i", "ı", "i",
	"ł", "l", "ñ", "n", "ń", "n", "ň", "n", "ò", "o", "ó", "o", "ô", "o", "õ", "o", "ö", "o", "ø", "o", "ō", "o", "ő", "o", "œ", "oe", "ř", "r",
	"ś", "s", "ş", "s", "š", "s", "ß", "ss", "ť", "t", "þ", "th", "ù", "u", "ú", "u", "û", "u", "ü", "u", "ū", "u", "ů", "u", "ű", "u",
	"ŵ", "w", "ý", "y", "ŷ", "y", "ÿ", "y", "ź", "z", "ż", "z", "ž", "z",
	"'", "", "’", "", "&", " and ",
)

// maxSlug is how long a slug is before it is cut after a word, in bytes.
const maxSlug = 60

// Slug writes a title as it stands in an address: "Director of Children's Services" is director-of-childrens-services. It is shortened
// at a word to 60 letters, and empty where the title has no letter or digit of the Latin alphabet; otherwise it is a valid fact.ID.
func Slug(title string) string {
	words := strings.FieldsFunc(folded.Replace(strings.ToLower(title)), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
	slug := strings.Join(words, "-")
	if len(slug) <= maxSlug {
		return slug
	}
	if i := strings.LastIndexByte(slug[:maxSlug+1], '-'); i > 0 {
		return slug[:i]
	}
	return slug[:maxSlug]
}

// NewID makes the id of a new record of the kind from its title: Slug, or the name of the kind where that is empty, with -2, -3 … after it
// where the id is taken or an address would mistake it for something else.
func (s *Set) NewID(k *Kind, title string, taken func(fact.ID) bool) fact.ID {
	if k.Only != "" {
		return k.Only
	}
	base := Slug(title)
	if base == "" {
		base = string(k.Name)
	}
	refused := func(id string) bool {
		return slices.Contains(AddressWords, id) || k.Path() == "/"+k.Section && s.At(k.Section, id) != nil || taken(fact.ID(id))
	}
	id := base
	for n := 2; refused(id); n++ {
		id = base + "-" + strconv.Itoa(n)
	}
	return fact.ID(id)
}

// names are words with which a label may begin and that keep their capital within a sentence.
var names = []string{"Secretary of State", "Cabinet", "Healthwatch", "Ofsted", "Parliament"}

// Lower writes a label as it stands within a sentence: "reports to" for Reports to, but "DCS confirmed" and "NHS trust" as they are.
func Lower(label string) string {
	first, _, _ := strings.Cut(label, " ")
	if first == "" {
		return label
	}
	r, n := utf8.DecodeRuneInString(first)
	for _, c := range first[n:] {
		if unicode.IsUpper(c) || unicode.IsDigit(c) {
			return label
		}
	}
	if slices.ContainsFunc(names, func(n string) bool { return strings.HasPrefix(label, n) }) {
		return label
	}
	return string(unicode.ToLower(r)) + label[n:]
}

// Lower is the label within a sentence: reports to.
func (f *Field) Lower() string { return Lower(f.Label) }

// Lower is the name of the kind within a sentence: test of assurance.
func (k *Kind) Lower() string { return Lower(k.Label) }

// One names one record of the kind: "a post", "an appointment", "a test of assurance", and where it cannot be counted "evidence".
func (k *Kind) One() string {
	s := k.Lower()
	if k.Label == k.Plural {
		return s
	}
	if strings.ContainsRune("aeio", unicode.ToLower([]rune(s)[0])) { // a unit
		return "an " + s
	}
	return "a " + s
}
