// Makes what goes into the program: one stylesheet, one script, and the licence of what is in them that is not ours.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { compile } from 'sass'

mkdirSync('built', { recursive: true })
const { css } = compile('styles/main.scss', { style: 'compressed', charset: false, loadPaths: ['node_modules/govuk-frontend/dist'], quietDeps: true })
if (/font-face|url\(/.test(css)) throw new Error('the stylesheet asks for a font or a picture from elsewhere')
writeFileSync('built/app.css', css)
copyFileSync('script/app.js', 'built/app.js')
const { version } = JSON.parse(readFileSync('node_modules/govuk-frontend/package.json', 'utf8'))
writeFileSync('built/LICENSES.txt', `The stylesheet contains parts of govuk-frontend ${version}, Copyright (C) 2017 Crown Copyright (Government Digital Service), under the MIT License:

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
`)
