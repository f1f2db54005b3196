package web

// Requirements gives, for every route, the act that it needs, and whether whoever asks must have proved a short while ago who they are.
func (s *Site) Requirements() (patterns []string, acts map[string]string, proved map[string]bool) {
	acts, proved = map[string]string{}, map[string]bool{}
	for _, r := range s.routes() {
		n, _ := s.needOf(r.pattern)
		patterns = append(patterns, r.pattern)
		acts[r.pattern], proved[r.pattern] = string(n.act), n.proved
		if n.or != "" {
			acts[r.pattern] += "|" + string(n.or)
		}
	}
	return patterns, acts, proved
}

// PublicRoutes are those that people have without an account, where the council shows pages to everybody.
func (s *Site) PublicRoutes() (patterns []string) {
	for _, r := range s.routes() {
		if n, _ := s.needOf(r.pattern); n.public {
			patterns = append(patterns, r.pattern)
		}
	}
	return patterns
}

// AskedRoutes are those that people have without an account, where a consultation asks everybody.
func (s *Site) AskedRoutes() (patterns []string) {
	for _, r := range s.routes() {
		if n, _ := s.needOf(r.pattern); n.asked {
			patterns = append(patterns, r.pattern)
		}
	}
	return patterns
}
