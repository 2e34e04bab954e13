/** The built editor: files named by their content are kept by browsers, the page itself is not. */
import path from 'node:path'
import express, { type Express } from 'express'

const YEAR_MS = 365 * 24 * 3_600_000

export function serveEditor(app: Express, folder: string): void {
  app.use(
    '/assets',
    express.static(path.join(folder, 'assets'), {
      index: false,
      immutable: true,
      maxAge: YEAR_MS,
      fallthrough: false,
    }),
  )
  app.use(express.static(folder, { index: false, dotfiles: 'ignore', maxAge: 0 }))
  app.use((req, res, next) => {
    if (req.method !== 'GET' && req.method !== 'HEAD') {
      res.status(405).set('Allow', 'GET, HEAD').type('text').send('Nothing can be sent here.\n')
      return
    }
    res.set('Cache-Control', 'no-cache')
    res.sendFile('index.html', { root: path.resolve(folder) }, (error) => {
      if (!error) return
      if (res.headersSent) next(error)
      else notBuilt(res)
    })
  })
}

function notBuilt(res: express.Response): void {
  res
    .status(503)
    .type('text')
    .send('The editor is not built yet. Run "npm run build", then load this page again.\n')
}
