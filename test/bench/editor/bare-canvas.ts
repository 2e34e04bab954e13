/** The canvas library alone, with plain cards and wires of its own: what the editor is compared with. */
import { build } from 'esbuild'
import type { Page } from 'playwright-core'
import { gridPlace } from './large-flow.ts'

const SOURCE = `
import { createElement, useState, useCallback } from 'react'
import { createRoot } from 'react-dom/client'
import { ReactFlow, applyNodeChanges } from '@xyflow/react'
import '@xyflow/react/dist/style.css'
const { nodes: start, edges } = window.bareFlow
function App() {
  const [nodes, setNodes] = useState(start)
  const onNodesChange = useCallback((changes) => setNodes((now) => applyNodeChanges(changes, now)), [])
  return createElement('div', { style: { width: '100vw', height: '100vh' } },
    createElement(ReactFlow, { nodes, edges, onNodesChange, minZoom: 0.15, onlyRenderVisibleElements: nodes.length > 150,
      onInit: (flow) => flow.setViewport({ x: 300, y: 200, zoom: 0.62 }) }))
}
createRoot(document.getElementById('root')).render(createElement(App))
`

async function bundle(): Promise<{ script: string; style: string }> {
  const { outputFiles } = await build({
    stdin: { contents: SOURCE, resolveDir: process.cwd(), loader: 'jsx' },
    bundle: true,
    write: false,
    minify: true,
    outdir: 'bare',
    define: { 'process.env.NODE_ENV': '"production"' },
  })
  const text = (end: string) => outputFiles.find(({ path }) => path.endsWith(end))?.text ?? ''
  return { script: text('.js'), style: text('.css') }
}

export async function openBareCanvas(page: Page, count: number): Promise<void> {
  const { script, style } = await bundle()
  const nodes = Array.from({ length: count }, (_, i) => ({
    id: `s${i}`,
    position: gridPlace(i),
    data: { label: `Step ${i}` },
    width: 240,
    height: 66,
  }))
  const edges = nodes.slice(1).map(({ id }, i) => ({ id: `w${i}`, source: `s${i}`, target: id }))
  await page.goto('about:blank')
  await page.setContent('<div id="root"></div>')
  await page.addStyleTag({ content: style })
  await page.evaluate(`window.bareFlow = ${JSON.stringify({ nodes, edges })}`)
  await page.addScriptTag({ content: script })
  await page.waitForSelector('.react-flow__node')
}
