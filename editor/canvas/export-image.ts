/** The whole canvas as a picture file, at the colours of the page. */
import { getViewportForBounds, type Rect } from '@xyflow/react'

const MARGIN = 60
const LONGEST = 6_000

/** Loads the library that draws when first used. Throws when the browser cannot draw the picture. */
export async function exportImage(bounds: Rect, name: string): Promise<void> {
  const viewport = document.querySelector<HTMLElement>('.canvas .react-flow__viewport')
  if (!viewport) return
  const { toPng } = await import('html-to-image')
  const scale = Math.min(1, LONGEST / Math.max(bounds.width, bounds.height))
  const width = Math.ceil(bounds.width * scale) + 2 * MARGIN
  const height = Math.ceil(bounds.height * scale) + 2 * MARGIN
  const { x, y, zoom } = getViewportForBounds(bounds, width, height, scale, scale, `${MARGIN}px`)
  const restore = writeOutStrokes(viewport)
  const image = await toPng(viewport, {
    width,
    height,
    pixelRatio: 2,
    skipFonts: true,
    backgroundColor: getComputedStyle(document.body).backgroundColor,
    style: {
      width: `${width}px`,
      height: `${height}px`,
      transform: `translate(${x}px, ${y}px) scale(${zoom})`,
    },
  }).finally(restore)
  const link = document.createElement('a')
  link.href = image
  link.download = `${name.replace(/[\\/:*?"<>|]+/g, ' ').trim() || 'flow'}.png`
  link.click()
}

/** Wires take their colour from a style sheet that a picture does not carry. Returns the way back. */
function writeOutStrokes(viewport: HTMLElement): () => void {
  const paths = [...viewport.querySelectorAll<SVGPathElement>('.react-flow__edge-path')]
  const before = paths.map((path) => path.getAttribute('style'))
  for (const path of paths) {
    const { stroke, strokeWidth, strokeDasharray } = getComputedStyle(path)
    Object.assign(path.style, { stroke, strokeWidth, strokeDasharray, fill: 'none' })
  }
  return () => {
    for (const [i, path] of paths.entries()) {
      const style = before[i] ?? null
      if (style === null) path.removeAttribute('style')
      else path.setAttribute('style', style)
    }
  }
}
