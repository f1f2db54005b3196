package ledger

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"plumbline/internal/fact"
)

// isValue says whether a value is JSON on one line, with no space that could be left out: then it is the same bytes
// inside a bundle or an export as it is beside its envelope.
func isValue(v string) bool {
	if !utf8.ValidString(v) {
		return false
	}
	var b bytes.Buffer
	return json.Compact(&b, []byte(v)) == nil && b.String() == v
}

func newSalt() (s fact.Salt) {
	rand.Read(s[:]) // never fails
	return s
}

func writeVerifier(key string) string {
	b, _ := json.Marshal(key) // a string has no error
	return string(b)
}

func readVerifier(value string) (string, error) {
	var s string
	if err := json.Unmarshal([]byte(value), &s); err != nil {
		return "", errors.New("the key that it names is not a JSON string")
	}
	return s, nil
}

// jsonField is a field of a body as bundles and exports have it: the value with its salt, or the hash alone. Only a bundle has fields that are withheld: they are in
// the record, and were left out of the bundle on a ground.
type jsonField struct {
	Name     string          `json:"name"`
	Value    json.RawMessage `json:"value,omitempty"`
	Salt     string          `json:"salt,omitempty"`
	Erased   string          `json:"erased,omitempty"`
	Withheld string          `json:"withheld,omitempty"`
	Ground   string          `json:"ground,omitempty"`
}

func writeFields(b fact.Body) ([]jsonField, error) {
	fields := make([]jsonField, len(b))
	for i, f := range b {
		fields[i].Name = f.Name
		switch {
		case f.Erased:
			fields[i].Erased = f.Hash.String()
		case !isValue(f.Value):
			return nil, fmt.Errorf("the field %q is not one line of JSON: %w", f.Name, fact.ErrCorrupt)
		default:
			fields[i].Value = json.RawMessage(f.Value)
			fields[i].Salt = hex.EncodeToString(f.Salt[:])
		}
	}
	return fields, nil
}

func readFields(fields []jsonField) (fact.Body, error) {
	b := make(fact.Body, len(fields))
	for i, f := range fields {
		var err error
		hash := f.Erased + f.Withheld
		if b[i].Name = f.Name; hash != "" {
			b[i].Erased = true
			err = unhex(b[i].Hash[:], hash)
		} else {
			b[i].Value = string(f.Value)
			err = unhex(b[i].Salt[:], f.Salt)
		}
		alone := f.Erased == "" || f.Withheld == ""
		if err != nil || !alone || hash != "" && (f.Value != nil || f.Salt != "") || (f.Withheld != "") != isGround(f.Ground) || f.Withheld == "" && f.Ground != "" {
			return nil, fmt.Errorf("the field %q is malformed: %w", f.Name, fact.ErrCorrupt)
		}
	}
	return b, nil
}

// isGround reports whether a text is the code of a ground: small letters, digits and dashes. What it means is for others to know.
func isGround(s string) bool {
	const most = 40
	return s != "" && len(s) <= most && strings.IndexFunc(s, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' }) < 0
}

// withholds reports whether one of some fields is withheld.
func withholds(fields []jsonField) bool {
	return slices.ContainsFunc(fields, func(f jsonField) bool { return f.Withheld != "" })
}

func unhex(dst []byte, s string) error {
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != len(dst) || hex.EncodeToString(b) != s {
		return fmt.Errorf("%q is not %d bytes in hexadecimal: %w", s, len(dst), fact.ErrCorrupt)
	}
	copy(dst, b)
	return nil
}

// marshal writes JSON without the escapes that are meant for web pages: what was hashed must stay as it is.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
