/** Starts the editor. */
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { queryClient } from './api/use-api.ts'
import { App } from './app.tsx'
import './ui/tokens.css'
import './ui/ui.css'
import { startWords } from './words/words.ts'

const root = document.getElementById('root')
if (!root) throw new Error('The page has no element "root" to draw into.')
await startWords()
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <App />
    </QueryClientProvider>
  </StrictMode>,
)
