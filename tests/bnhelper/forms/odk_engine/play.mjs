// Plays answers on ODK Web Forms' engine.  stdin: JSON of [{name, xml, steps, media}]; stdout: a line of JSON for each
import process from 'node:process'
import { JSDOM } from 'jsdom'

const { window } = new JSDOM('<!doctype html>')
for (const name of Object.getOwnPropertyNames(window)) {
  if (/^(DOMParser|XML|Node|Doc|Element|Attr|Text$|XPath|Comment|CDATA|NamedNode|HTMLElement|Char|Processing)/.test(name)) globalThis[name] ??= window[name]
}
globalThis.window = globalThis
globalThis.document = window.document
const Then = Date
const now = Then.parse(process.env.NOW)
globalThis.Date = class extends Then {
  constructor(...said) { if (said.length) super(...said); else super(now) }
  static now() { return now }
}
for (const level of ['log', 'info', 'debug', 'warn']) console[level] = () => {}
// What the engine parses XPath with looks for a file beside itself where it takes Node for Node.
await fetch('data:,') // Node's own fetch loads late, and asks for the version too
const { versions } = process
Object.defineProperty(process, 'versions', { value: {}, configurable: true })
const { loadForm } = await import('@getodk/xforms-engine')
Object.defineProperty(process, 'versions', { value: versions, configurable: true })

const nodesOf = (node) => [node, ...(node.currentState.children ?? []).flatMap(nodesOf)]
const isPlace = (node) => node.nodeType.startsWith('repeat-range')
const plain = (path) => path.replace(/\[1\]/g, '')
const find = (root, path, wanted) => nodesOf(root).find((one) => isPlace(one) === wanted && plain(one.currentState.reference) === plain(path))

function said(node) {
  const state = node.currentState
  const isLeaf = state.children === null
  return {
    path: plain(state.reference),
    value: isLeaf ? state.instanceValue : '',
    relevant: state.relevant,
    required: state.required,
    readonly: state.readonly,
    label: state.label?.asString ?? '',
    hint: state.hint?.asString ?? '',
    problem: isLeaf ? node.validationState.violation?.condition ?? null : null,
    choices: state.valueOptions?.map((one) => [one.value, one.label?.asString ?? '']) ?? null,
  }
}

function take(root, step) {
  if ('answer' in step) {
    const node = find(root, step.answer, false)
    const words = step.value.split(' ').filter(Boolean)
    if (node.nodeType === 'select') node.selectValues(words)
    else if (node.nodeType === 'rank') node.setValues(words)
    else if (node.nodeType === 'trigger') node.setValue(step.value === 'OK')
    else node.setValue(step.value)
  } else if ('add_repeat' in step) find(root, step.add_repeat, true).addInstances()
  else if ('remove_repeat' in step) find(root, step.remove_repeat, true).removeInstances(step.position - 1, 1)
  else root.setLanguage(root.languages.find((one) => one.language === step.language))
}

async function play(job) {
  const fetchFormAttachment = async (address) => {
    const name = decodeURIComponent(address.href.split('/').pop())
    const text = job.media[name] ?? ''
    const type = { csv: 'text/csv', geojson: 'application/geo+json' }[name.split('.').pop()] ?? 'text/xml'
    return { ok: name in job.media, status: name in job.media ? 200 : 404, headers: new Headers({ 'content-type': type }), blob: async () => new Blob([text], { type }), text: async () => text }
  }
  const form = await loadForm(job.xml, { fetchFormAttachment })
  if (form.status === 'failure') throw form.error
  const { root } = form.createInstance()
  const shown = () => nodesOf(root).filter((one) => !isPlace(one)).map(said)
  const steps = [shown()]
  for (const step of job.steps) {
    take(root, step)
    steps.push(shown())
  }
  return steps
}

let text = ''
for await (const chunk of process.stdin) text += chunk
for (const job of JSON.parse(text)) {
  let found
  try {
    found = { name: job.name, steps: await play(job) }
  } catch (wrong) {
    found = { name: job.name, refused: String(wrong.message).slice(0, 300) }
  }
  process.stdout.write(`${JSON.stringify(found)}\n`)
}
process.exit(0)
