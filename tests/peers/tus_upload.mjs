// tus-js-client with its own retries, in a plain loop; photos only.  FOLDER TUS LIMIT
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import * as tus from 'tus-js-client'

const [folder, endpoint, limit] = [process.argv[2], process.argv[3], Number(process.argv[4])]
const began = performance.now()
const left = () => limit - (performance.now() - began) / 1000
const storage = new tus.FileUrlStorage(path.join(os.tmpdir(), `bench-tusjs-${process.pid}`))
const errors = {}
let believed = 0

const send = (file) => new Promise((resolve, reject) => {
  const upload = new tus.Upload(fs.createReadStream(file), {
    endpoint, uploadSize: fs.statSync(file).size, chunkSize: Infinity, urlStorage: storage,
    headers: { Authorization: 'Bearer static-token-of-the-bench-000000000000' },
    retryDelays: [0, 1000, 3000, 5000], metadata: { filename: path.basename(file) },
    onError: reject, onSuccess: resolve,
  })
  upload.findPreviousUploads().then((known) => {
    if (known.length) upload.resumeFromPreviousUpload(known[0])
    upload.start()
  })
})

for (const name of fs.readdirSync(folder).filter((one) => one.endsWith('.png')).sort()) {
  while (left() > 0) {
    try {
      await send(path.join(folder, name))
      believed++
      break
    } catch (wrong) {
      const said = String(wrong.message || wrong).slice(0, 60)
      errors[said] = (errors[said] || 0) + 1
      await new Promise((resolve) => setTimeout(resolve, 1000))
    }
  }
}
console.log(JSON.stringify({ believed, seconds: (performance.now() - began) / 1000, errors }))
process.exit(0)
