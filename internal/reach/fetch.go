package reach

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"plumbline/internal/fact"
)

// Fetch gives what is at an address that is Private, at most a megabyte of it. proxy may be nil.
func Fetch(ctx context.Context, address string, proxy func(*http.Request) (*url.URL, error)) ([]byte, error) {
	if !Private(address) {
		return nil, fmt.Errorf("%s is not an address that begins https:// (or http:// on this computer): %w", address, fact.ErrInvalid)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, fmt.Errorf("ask %s: %w", address, err)
	}
	a, err := newClient(proxy).Do(r)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be reached: %w", address, err)
	}
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", address, err)
	}
	if a.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answers %s", address, a.Status)
	}
	return b, nil
}
