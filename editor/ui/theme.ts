/** Light, dark, or as the system has it; kept on this device. */
export type Theme = 'system' | 'light' | 'dark'

export const currentTheme = (): Theme => {
  const { theme } = document.documentElement.dataset
  return theme === 'light' || theme === 'dark' ? theme : 'system'
}

export function chooseTheme(theme: Theme): void {
  if (theme === 'system') {
    delete document.documentElement.dataset['theme']
    localStorage.removeItem('heddle.theme')
    return
  }
  document.documentElement.dataset['theme'] = theme
  localStorage.setItem('heddle.theme', theme)
}
