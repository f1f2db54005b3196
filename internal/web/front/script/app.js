'use strict'

// What a script adds, and nothing without which a page does not work: names are offered as one types, a form is not sent twice or left
// by mistake, errors are read first, and long work shows how far it has got.
{
  const all = (selector, within = document) => [...within.querySelectorAll(selector)]

  // What is wrong is read first.
  const summary = document.querySelector('.govuk-error-summary')
  if (summary) {
    summary.tabIndex = -1
    summary.focus()
    for (const a of all('a[href^="#"]', summary)) {
      a.addEventListener('click', event => {
        const input = document.getElementById(a.hash.slice(1))
        if (!input) return
        event.preventDefault()
        input.scrollIntoView()
        input.focus({ preventScroll: true })
      })
    }
  }

  // The menu of a narrow screen.
  for (const button of all('.govuk-js-service-navigation-toggle')) {
    const list = document.getElementById(button.getAttribute('aria-controls'))
    const narrow = window.matchMedia('(max-width: 40rem)')
    const show = open => {
      list.hidden = narrow.matches && !open
      button.setAttribute('aria-expanded', String(!list.hidden))
    }
    const fit = () => {
      button.hidden = !narrow.matches
      button.removeAttribute('aria-hidden')
      show(false)
    }
    button.addEventListener('click', () => show(list.hidden))
    narrow.addEventListener('change', fit)
    fit()
  }

  // A form is sent once, and not left with answers that would be lost.
  let changed = false
  for (const form of all('form')) {
    let sent = false
    const send = now => {
      sent = now
      for (const button of all('button', form)) {
        if (sent) button.setAttribute('aria-disabled', 'true')
        else button.removeAttribute('aria-disabled')
      }
    }
    form.addEventListener('submit', event => {
      if (sent) event.preventDefault()
      else if (form.method === 'post') {
        send(true)
        setTimeout(send, 5000, false)
      }
      changed = false
    })
    if (form.hasAttribute('data-warn')) form.addEventListener('input', () => { changed = true })
  }
  window.addEventListener('beforeunload', event => { if (changed) event.preventDefault() })

  // How a colour stands out against white, by WCAG 2.2. The server refuses one that cannot be read.
  for (const input of all('input[data-contrast]')) {
    const status = document.createElement('div')
    status.className = 'govuk-hint'
    status.setAttribute('role', 'status')
    input.after(status)
    const say = () => {
      const colour = /^#[0-9a-f]{6}$/i.test(input.value.trim()) && parseInt(input.value.trim().slice(1), 16)
      if (colour === false) {
        status.textContent = ''
        return
      }
      const light = [colour >> 16, colour >> 8 & 255, colour & 255]
        .map(n => n / 255 <= 0.04045 ? n / 255 / 12.92 : ((n / 255 + 0.055) / 1.055) ** 2.4)
        .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0)
      const ratio = 1.05 / (light + 0.05)
      status.textContent = `Contrast with white: ${(Math.floor(ratio * 10) / 10).toFixed(1)} to 1, ${ratio < 4.5 ? 'too little to be read' : 'enough'}`
    }
    input.addEventListener('input', say)
    say()
  }

  // Ten minutes before the session ends somebody is told, and can stay without leaving the page.
  const ending = document.querySelector('.ending')
  if (ending) {
    const warning = 600 // seconds
    const button = ending.querySelector('button')
    let timer
    const wait = left => {
      clearTimeout(timer)
      ending.hidden = left > warning
      timer = setTimeout(() => { ending.hidden = false }, 1000 * Math.max(0, left - warning))
    }
    wait(Number(ending.dataset.ends))
    button.addEventListener('click', async event => {
      event.preventDefault()
      let left = 0
      try {
        const answer = await fetch('/account/stay.json', { method: 'POST' })
        if (answer.ok) left = (await answer.json()).left
      } catch { /* the server is away; it is said below */ }
      if (left > warning) return wait(left)
      button.hidden = true
      ending.querySelector('p').textContent = 'You have to sign in again. Send what you have typed: it is kept while you sign in.'
    })
  }

  // Names are offered as one types: the combobox of the ARIA practices, with a list below.
  let combos = 0
  for (const input of all('input[data-suggest]')) {
    const into = input.form && input.form.elements.namedItem(input.dataset.suggestInto)
    if (!into) continue
    const list = document.createElement('ul')
    list.id = `offers-${++combos}`
    list.className = 'offers'
    list.setAttribute('role', 'listbox')
    list.setAttribute('aria-label', 'Names that match')
    list.hidden = true
    const status = document.createElement('div')
    status.className = 'govuk-visually-hidden'
    status.setAttribute('role', 'status')
    input.after(list, status)
    for (const [name, value] of Object.entries({ role: 'combobox', 'aria-autocomplete': 'list', 'aria-controls': list.id, 'aria-expanded': 'false' })) input.setAttribute(name, value)
    let offers = []
    let at = -1
    let asked = 0
    const close = () => {
      list.hidden = true
      at = -1
      input.setAttribute('aria-expanded', 'false')
      input.removeAttribute('aria-activedescendant')
    }
    const mark = n => {
      at = (n + offers.length) % offers.length
      ;[...list.children].forEach((li, i) => li.setAttribute('aria-selected', String(i === at)))
      input.setAttribute('aria-activedescendant', list.children[at].id)
      list.children[at].scrollIntoView({ block: 'nearest' })
    }
    const take = n => {
      input.value = offers[n].title
      into.value = offers[n].id
      status.textContent = `${offers[n].title} is chosen`
      changed = true
      close()
    }
    const show = () => {
      list.replaceChildren(...offers.map((offer, i) => {
        const li = document.createElement('li')
        li.id = `${list.id}-${i}`
        li.setAttribute('role', 'option')
        li.setAttribute('aria-selected', 'false')
        li.textContent = offer.title
        if (offer.note) {
          const note = document.createElement('small')
          note.textContent = offer.note
          li.append(' ', note)
        }
        li.addEventListener('mousedown', event => {
          event.preventDefault()
          take(i)
        })
        return li
      }))
      list.hidden = offers.length === 0
      input.setAttribute('aria-expanded', String(!list.hidden))
      status.textContent = offers.length === 1 ? '1 name matches' : `${offers.length} names match`
    }
    let timer
    input.addEventListener('input', () => {
      into.value = ''
      clearTimeout(timer)
      const text = input.value.trim()
      if (text.length < 2) {
        close()
        return
      }
      timer = setTimeout(async () => {
        const mine = ++asked
        const address = new URL(input.dataset.suggest, location.href)
        address.searchParams.set('q', text)
        try {
          const response = await fetch(address)
          const found = response.ok ? await response.json() : []
          if (mine !== asked || document.activeElement !== input) return
          const marked = at < 0 ? null : offers[at].id
          close()
          offers = found
          show()
          const again = offers.findIndex(offer => offer.id === marked)
          if (again >= 0) mark(again)
        } catch {
          close()
        }
      }, 200)
    })
    input.addEventListener('keydown', event => {
      if (list.hidden) return
      if (event.key === 'ArrowDown') mark(at + 1)
      else if (event.key === 'ArrowUp') mark(at - 1)
      else if (event.key === 'Enter' && at >= 0) take(at)
      else if (event.key === 'Escape') close()
      else return
      event.preventDefault()
    })
    input.addEventListener('blur', close)
  }

  // Long work says how far it has got, and leads on when it is done.
  for (const box of all('[data-poll]')) {
    const ask = async () => {
      try {
        const response = await fetch(box.dataset.poll)
        if (response.ok) {
          const now = await response.json()
          if (now.text && box.textContent.trim() !== now.text) box.textContent = now.text
          if (now.location) {
            location.assign(now.location)
            return
          }
        }
      } catch { /* the next time, perhaps */ }
      setTimeout(ask, 3000)
    }
    setTimeout(ask, 3000)
  }

  // Dashed lines between a note of the chart and the post that answers.
  const joins = all('[data-joins]')
  const chart = document.querySelector('.chart')
  if (joins.length && chart) {
    const space = 'http://www.w3.org/2000/svg'
    const svg = document.createElementNS(space, 'svg')
    svg.setAttribute('class', 'joins')
    svg.setAttribute('aria-hidden', 'true')
    document.body.append(svg)
    const draw = notes => {
      svg.replaceChildren()
      svg.setAttribute('width', document.documentElement.scrollWidth)
      svg.setAttribute('height', document.documentElement.scrollHeight)
      for (const note of notes.slice(0, 12)) {
        const other = document.getElementById(note.dataset.joins)
        if (!other) continue
        const [a, b] = [note, other].map(e => e.getBoundingClientRect())
        const [x1, y1, x2, y2] = [a.left + a.width / 2 + scrollX, a.top + scrollY, b.left + b.width / 2 + scrollX, b.bottom + scrollY]
        const path = document.createElementNS(space, 'path')
        path.setAttribute('d', `M${x1} ${y1}C${x1} ${(y1 + y2) / 2} ${x2} ${(y1 + y2) / 2} ${x2} ${y2}`)
        svg.append(path)
      }
    }
    for (const note of joins) {
      for (const event of ['mouseenter', 'focusin']) note.addEventListener(event, () => draw([note]))
      for (const event of ['mouseleave', 'focusout']) note.addEventListener(event, () => draw([]))
    }
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'govuk-button govuk-button--secondary'
    button.textContent = 'Draw lines'
    button.setAttribute('aria-pressed', 'false')
    button.addEventListener('click', () => {
      const on = button.getAttribute('aria-pressed') !== 'true'
      button.setAttribute('aria-pressed', String(on))
      draw(on ? joins : [])
    })
    chart.before(button)
  }
}
