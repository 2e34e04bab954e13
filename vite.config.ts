import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** The editor: built into dist/editor, served by the server. */
export default defineConfig({
  root: 'editor',
  plugins: [react()],
  build: { outDir: '../dist/editor', emptyOutDir: true, sourcemap: true },
  server: {
    proxy: { '/api': process.env['HEDDLE_URL'] ?? 'http://127.0.0.1:8088' },
  },
})
