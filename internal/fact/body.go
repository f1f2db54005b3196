package fact

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"sort"
)

// Salt hides the value of a field behind its hash, so that a value that was erased cannot be guessed.
type Salt [16]byte

// Field is one field of a body: its value as canonical JSON with the salt, or, erased, the hash alone.
type Field struct {
	Name   string
	Value  string // canonical JSON: "text", 12.5, true, ["a","b"]
	Salt   Salt
	Erased bool
	Hash   Hash // only where Erased
}

// LeafHash hides the value: SHA-256 of 0x02, the salt and the value.
func (f Field) LeafHash() Hash {
	if f.Erased {
		return f.Hash
	}
	var stack [256]byte
	return sha256.Sum256(appendLeaf(stack[:0], f.Salt[:], f.Value))
}

func appendLeaf[T string | []byte](dst, salt []byte, value T) []byte {
	dst = append(dst, 2)
	dst = append(dst, salt...)
	return append(dst, value...)
}

// Body is the fields of an entry in the order of their names.
type Body []Field

// Sort puts the fields in order; a body must be in order before it is hashed.
func (b Body) Sort() { sort.Slice(b, func(i, j int) bool { return b[i].Name < b[j].Name }) }

// Value gives the canonical JSON of a field.
func (b Body) Value(name string) (string, bool) {
	for i := range b {
		if b[i].Name == name && !b[i].Erased {
			return b[i].Value, true
		}
	}
	return "", false
}

// Root is SHA-256 of 0x03, the number of fields (two bytes, big end first) and for each field, in order, the length of its
// name (two bytes), the name and its LeafHash. So the name of a field stays bound when its value is erased.
func (b Body) Root() Hash {
	var stack [1024]byte
	root := rootOf(stack[:0], len(b))
	for _, f := range b {
		root = appendField(root, f.Name, f.LeafHash())
	}
	return sha256.Sum256(root)
}

func rootOf(dst []byte, fields int) []byte {
	return binary.BigEndian.AppendUint16(append(dst, 3), uint16(fields))
}

func appendField[T string | []byte](dst []byte, name T, h Hash) []byte {
	dst = binary.BigEndian.AppendUint16(dst, uint16(len(name)))
	dst = append(dst, name...)
	return append(dst, h[:]...)
}

// AppendBody writes the body as it lies beside its envelope; docs/format.md has the layout.
func AppendBody(dst []byte, b Body) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(b)))
	for _, f := range b {
		dst = binary.AppendUvarint(dst, uint64(len(f.Name)))
		dst = append(dst, f.Name...)
		if f.Erased {
			dst = append(dst, 1)
			dst = append(dst, f.Hash[:]...)
			continue
		}
		dst = append(dst, 0)
		begin := len(dst)
		dst = append(dst, f.Salt[:]...)
		dst = binary.AppendUvarint(dst, uint64(len(f.Value)))
		dst = append(dst, f.Value...)
		// The hash that an erasure puts here must find room, so that what is stored is overwritten where it
		// lies and never has to be moved, which would leave copies behind.
		if room := sha256.Size - (len(dst) - begin); room > 0 {
			dst = append(dst, padding[:room]...)
		}
	}
	return dst
}

var padding [sha256.Size]byte

// ParseBody reads what AppendBody wrote, and nothing else: unordered names, trailing bytes and lengths that
// do not fit are refused.
func ParseBody(b []byte) (Body, error) {
	r, ok := readBody(b)
	if !ok {
		return nil, errBody
	}
	s := string(b) // one copy, of which every name and value is a part
	out := make(Body, r.fields)
	for i := range out {
		raw, ok := r.next()
		if !ok {
			return nil, errBody
		}
		f := &out[i]
		f.Name = s[raw.name:][:raw.nameLen]
		if f.Erased = raw.erased; f.Erased {
			copy(f.Hash[:], s[raw.value:])
			continue
		}
		copy(f.Salt[:], s[raw.salt:])
		f.Value = s[raw.value:][:raw.valueLen]
	}
	if !r.end() {
		return nil, errBody
	}
	return out, nil
}

// BodyRoot gives Root of the body that ParseBody reads, and whether any field of it is erased, without making the body:
// whoever verifies a whole record wants nothing else of most bodies.
func BodyRoot(b []byte) (root Hash, erased bool, err error) {
	r, ok := readBody(b)
	if !ok {
		return root, false, errBody
	}
	var stack, scratch [512]byte
	buf, leaf := rootOf(stack[:0], r.fields), scratch[:0]
	for range r.fields {
		f, ok := r.next()
		if !ok {
			return root, false, errBody
		}
		var h Hash
		if f.erased {
			erased = true
			copy(h[:], b[f.value:])
		} else {
			leaf = appendLeaf(leaf[:0], b[f.salt:][:len(Salt{})], b[f.value:][:f.valueLen])
			h = sha256.Sum256(leaf)
		}
		buf = appendField(buf, b[f.name:][:f.nameLen], h)
	}
	if !r.end() {
		return root, false, errBody
	}
	return sha256.Sum256(buf), erased, nil
}

var errBody = fmt.Errorf("read body: malformed: %w", ErrCorrupt)

// bodyReader goes through a body from field to field.
type bodyReader struct {
	b      []byte
	at     int
	fields int
	last   []byte // the name before
}

// rawField says where the parts of a field lie. The hash of an erased one lies at value.
type rawField struct {
	name, nameLen, salt, value, valueLen int
	erased                               bool
}

func readBody(b []byte) (r bodyReader, ok bool) {
	r.b = b
	// A field takes 34 bytes and more, so that nobody is made to allocate what is not there.
	if r.fields, ok = r.length(); !ok || r.fields > (len(b)-r.at)/(2+sha256.Size) || r.fields > 0xffff {
		return r, false
	}
	return r, true
}

func (r *bodyReader) next() (f rawField, ok bool) {
	if f.nameLen, ok = r.length(); !ok || f.nameLen > 0xffff {
		return f, false
	}
	if f.name, ok = r.skip(f.nameLen); !ok {
		return f, false
	}
	name := r.b[f.name:r.at]
	if r.last != nil && string(r.last) >= string(name) {
		return f, false
	}
	r.last = name
	flag, ok := r.skip(1)
	if !ok {
		return f, false
	}
	switch r.b[flag] {
	case 0:
		if f.salt, ok = r.skip(len(Salt{})); !ok {
			return f, false
		}
		if f.valueLen, ok = r.length(); !ok {
			return f, false
		}
		if f.value, ok = r.skip(f.valueLen); !ok {
			return f, false
		}
		if room := sha256.Size - (r.at - f.salt); room > 0 {
			pad, ok := r.skip(room)
			return f, ok && string(r.b[pad:r.at]) == string(padding[:room])
		}
	case 1:
		f.erased = true
		f.value, ok = r.skip(sha256.Size)
	default:
		return f, false
	}
	return f, ok
}

func (r *bodyReader) end() bool { return r.at == len(r.b) }

// skip passes n bytes and says where they begin.
func (r *bodyReader) skip(n int) (at int, ok bool) {
	if n < 0 || n > len(r.b)-r.at {
		return 0, false
	}
	at = r.at
	r.at += n
	return at, true
}

// length reads a uvarint in its only spelling, the shortest.
func (r *bodyReader) length() (int, bool) {
	var v uint64
	for i := 0; i < 5 && r.at < len(r.b); i++ {
		c := r.b[r.at]
		r.at++
		v |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 {
			return int(v), i == 0 || c != 0
		}
	}
	return 0, false
}
