// What a machine can judge of a page as a browser shows it. Each function gives what is wrong, a line each.
({
  words: e => (e.innerText || e.value || e.getAttribute('aria-label') || '').replace(/\s+/g, ' ').trim().slice(0, 60),

  name (e) { return `${e.localName}${e.className && typeof e.className === 'string' ? '.' + e.className.trim().replace(/\s+/g, '.') : ''} “${this.words(e)}”` },

  shown: e => e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && e.getClientRects().length > 0,

  // Nothing is wider than the window, and nothing scrolls sideways within it.
  fits () {
    const wide = document.documentElement.scrollWidth
    const out = wide > innerWidth ? [`it is ${wide} pixels wide in a window of ${innerWidth}: ${this.widest()}`] : []
    for (const e of document.querySelectorAll('main *')) {
      if (/auto|scroll/.test(getComputedStyle(e).overflowX) && e.scrollWidth > e.clientWidth + 1) out.push(`it scrolls sideways: ${this.name(e)}`)
    }
    return out
  },

  widest () {
    const all = [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && ![...e.children].some(c => c.getBoundingClientRect().right > innerWidth + 1))
    return all.slice(0, 3).map(e => this.name(e)).join(', ')
  },

  // No words are cut off by their box.
  cut () {
    const out = []
    for (const e of document.querySelectorAll('body *')) {
      if (!e.clientWidth || e.clientWidth <= 1 || e.clientHeight <= 1 || e.closest('svg')) continue
      const s = getComputedStyle(e)
      if (s.clipPath !== 'none' || e.matches('input, select, textarea')) continue
      const x = /hidden|clip/.test(s.overflowX) && e.scrollWidth > e.clientWidth + 1
      const y = /hidden|clip/.test(s.overflowY) && e.scrollHeight > e.clientHeight + 1
      if ((x || y) && this.words(e)) out.push(`words are cut off: ${this.name(e)}`)
    }
    return out
  },

  // The same with styles of the reader's own laid over those of the page.
  under (css, check) {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(css)
    document.adoptedStyleSheets = [sheet]
    const out = check()
    document.adoptedStyleSheets = []
    return out
  },

  spaced () {
    const css = '*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}p{margin-bottom:2em!important}'
    return this.under(css, () => [...this.fits(), ...this.cut()]).map(x => `with text spaced: ${x}`)
  },

  doubled () { return this.under('html{font-size:200%!important}', () => this.cut()).map(x => `with text twice as large: ${x}`) },

  // What is read one after the other stands one after the other, and no words are in the styles alone.
  styles () {
    const out = []
    const heads = new Set([...document.querySelectorAll('th')].map(h => h.textContent.replace(/[↑↓▲▼]/g, '').replace(/\s+/g, ' ').trim()))
    for (const e of document.querySelectorAll('body, body *')) {
      const s = getComputedStyle(e)
      if (s.order !== '0' || /reverse/.test(s.flexDirection + s.flexWrap)) out.push(`it is shown in another order than it is written: ${this.name(e)}`)
      for (const part of ['::before', '::after']) {
        const said = getComputedStyle(e, part).content.replace(/^"|"$/g, '').trim()
        if (/^(none|normal|counter|counters)/.test(said) || !/[a-z]{2}/i.test(said)) continue
        if (said.replace(/:\s*$/, '') === (e.dataset.column || '') && heads.has(e.dataset.column)) continue
        out.push(`words in the styles alone, “${said}”: ${this.name(e)}`)
      }
    }
    return out
  },

  // One heading says what the page is, and there is no more on it than somebody can take in.
  limits () {
    const n = s => document.querySelectorAll(s).length
    const out = []
    if (n('h1') !== 1) out.push(`${n('h1')} headings of the first level`)
    if (n('*') > 4000 || this.stops().length > 350) out.push(`${n('*')} elements, ${this.stops().length} stops for the tab key`)
    return out
  },

  // Opens what is closed, and closes it again.
  open (yes) {
    for (const d of document.querySelectorAll(yes ? 'details:not([open])' : 'details[data-opened]')) {
      d.open = yes
      d.toggleAttribute('data-opened', yes)
    }
  },

  // All that the tab key should stop at, in the order in which it is written. Of radio buttons of one question there is one.
  stops () {
    const seen = new Set()
    return [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')].filter(e => {
      if (e.disabled || e.type === 'hidden' || e.tabIndex < 0) return false
      if (!e.getClientRects().length || !e.checkVisibility({ visibilityProperty: true })) return false
      if (e.type !== 'radio') return true
      const group = e.form ? [...e.form.elements].filter(x => x.type === 'radio' && x.name === e.name) : [e]
      const stop = group.find(x => x.checked) || group[0]
      return e === stop && !seen.has(stop) && seen.add(stop)
    })
  },

  look (e) {
    const parts = [[e, null], [e, '::before'], [e, '::after']]
    for (const l of e.labels || []) parts.push([l, null], [l, '::before'])
    return parts.map(([x, part]) => {
      const s = getComputedStyle(x, part)
      return [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow, s.backgroundColor, s.borderColor, s.borderWidth, s.color].join(' ')
    }).join('|')
  },

  // Keeps what the tab key comes to, and whether it can be seen that and where the focus is.
  watch () {
    const stops = this.stops()
    const before = new Map(stops.map(e => [e, this.look(e)]))
    const w = window.plumblineWatch = { came: [], wrong: [] }
    const check = e => {
      if (!e || e === document.body) return
      if (before.get(e) === this.look(e)) w.wrong.push(`it does not show that it has the focus: ${this.name(e)}`)
      const boxes = [...e.getClientRects(), ...[...(e.labels || [])].flatMap(l => [...l.getClientRects()])]
      const hit = boxes.some(r => {
        const at = document.elementFromPoint(Math.min(Math.max(r.left + r.width / 2, 0), innerWidth - 1), Math.min(Math.max(r.top + Math.min(r.height / 2, 10), 0), innerHeight - 1))
        return at && (e.contains(at) || at.contains(e) || [...(e.labels || [])].some(l => l.contains(at)))
      })
      if (!hit) w.wrong.push(`it has the focus and cannot be seen: ${this.name(e)}`)
    }
    document.addEventListener('keydown', event => { if (event.key === 'Tab') check(document.activeElement) }, true)
    document.addEventListener('focusin', event => w.came.push(stops.indexOf(event.target)))
    return stops.length
  },

  watched () {
    const { came, wrong } = window.plumblineWatch
    const stops = this.stops()
    const out = [...new Set(wrong)]
    const missed = stops.filter((e, i) => !came.includes(i))
    if (missed.length) out.push(`the tab key does not come to ${missed.length} of ${stops.length}: ${missed.slice(0, 3).map(e => this.name(e)).join(', ')}`)
    const known = came.filter(i => i >= 0)
    if (known.some((x, i) => i > 0 && x !== 0 && x < known[i - 1])) out.push(`the tab key goes back: ${known.join(' ')}`)
    if (came.includes(-1)) out.push('the tab key stops where nothing can be done')
    if (came[0] !== 0 || !stops[0].matches('.govuk-skip-link')) out.push('the first stop is not the link that skips to the content')
    return out
  },

  // Bars that are drawn can be seen against what is behind them.
  bars () {
    return [...document.querySelectorAll('svg rect.bar')].filter(e => {
      const s = getComputedStyle(e)
      return s.fill === getComputedStyle(document.body).backgroundColor && (s.stroke === 'none' || s.stroke === s.fill)
    }).slice(0, 3).map(e => `a bar cannot be seen: ${e.outerHTML.slice(0, 120)}`)
  },

  // Nothing moves by itself.
  still () {
    const long = s => s.split(',').some(x => parseFloat(x) > 0)
    const out = document.getAnimations().length ? ['something is moving'] : []
    for (const e of document.querySelectorAll('html, body *')) {
      const s = getComputedStyle(e)
      if (long(s.transitionDuration) || long(s.animationDuration) || s.scrollBehavior === 'smooth') out.push(`it moves: ${this.name(e)}`)
    }
    return out.slice(0, 3)
  },

  // What is left on paper of what is of no use there.
  printed () {
    return ['nav', 'button', '.govuk-skip-link', '.actions', '.govuk-service-navigation', '.files'].flatMap(s => [...document.querySelectorAll(s)].filter(e => this.shown(e) && e.type !== 'hidden').slice(0, 1).map(e => `on paper there is ${this.name(e)}`))
  },

  async axe () {
    const r = await axe.run(document, { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
    return r.violations.flatMap(v => v.nodes.slice(0, 3).map(n => `${v.id} (${v.impact}): ${n.target.join(' ')}: ${n.html.slice(0, 160)}`))
  },
})
