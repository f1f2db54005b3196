package fact

import (
	"fmt"
	"strings"
)

// KindName names a kind of record, as in its YAML file: "post", "designation".
type KindName string

// ID names one record within its kind: "corporate-director-people".
type ID string

// Who is the opaque name of the person or program that wrote an entry: "owner". The name of the
// person behind it lives elsewhere, where it can be erased.
type Who string

// Key names one record of the council: kind and id. It is written "post/dph".
type Key struct {
	Kind KindName
	ID   ID
}

func (k Key) String() string { return string(k.Kind) + "/" + string(k.ID) }

// MaxID is the longest id accepted, in bytes.
const MaxID = 120

// CheckID says what is wrong with an id, or nil. Letters, digits, dot, dash and underscore of ASCII
// are accepted, the first of them a letter or digit, so that an id is safe in an address, a file name and an
// envelope line.
func CheckID(s string) error {
	if s == "" {
		return fmt.Errorf("the id is empty: %w", ErrInvalid)
	}
	if len(s) > MaxID {
		return fmt.Errorf("the id is longer than %d characters: %w", MaxID, ErrInvalid)
	}
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9', c >= 'A' && c <= 'Z':
		case i > 0 && (c == '-' || c == '.' || c == '_'):
		default:
			return fmt.Errorf("the id %q may hold letters, digits, dots, dashes and underscores, and begins with a letter or digit: %w", s, ErrInvalid)
		}
	}
	return nil
}

// ParseKey reads "post/dph".
func ParseKey(s string) (Key, error) {
	k, id, ok := strings.Cut(s, "/")
	if !ok || k == "" {
		return Key{}, fmt.Errorf("%q is not of the form kind/id, for example post/chief-executive: %w", s, ErrInvalid)
	}
	if err := CheckID(strings.TrimPrefix(id, "~")); err != nil { // ~ begins the id of a person whose own was erased
		return Key{}, err
	}
	return Key{KindName(k), ID(id)}, nil
}
