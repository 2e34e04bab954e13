// Sets the chosen theme before the first paint, so that nothing flashes.
try {
  const theme = localStorage.getItem('heddle.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // Storage is switched off: the system's theme is used.
}
