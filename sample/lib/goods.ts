/** What the shop sells, and baskets of it. Money is counted in hundredths. */
import type { Country } from './people.ts'
import type { Random } from './random.ts'

export type Basket = { items: string; total: number }

const names =
  'linen-shirt wool-scarf cotton-tee denim-jacket silk-blouse rain-coat knit-cardigan midi-skirt chino-trousers leather-belt canvas-tote ankle-boots espadrilles felt-hat swim-shorts pyjama-set lounge-socks kids-dungarees baby-blanket bath-towel bed-linen quilt cushion-cover table-runner tea-towel curtain-pair jute-rug floor-lamp stoneware-mug glass-carafe oak-tray scented-candle wall-basket throw-blanket bath-mat apron'.split(
    ' ',
  )

const goods = names.map((name, index) => ({
  sku: `LT-${1001 + index * 17}-${name}`,
  price: 900 + ((index * 2_347) % 11_000),
}))

/** Price level against pounds; the yuan and dollar prices are round in their own money. */
const priceLevel: Record<Country, number> = { GB: 1, DE: 1.15, FR: 1.15, US: 1.25, CN: 8 }

export const currencies: Record<Country, string> = {
  GB: 'GBP',
  DE: 'EUR',
  FR: 'EUR',
  US: 'USD',
  CN: 'CNY',
}

export const fillBasket = (country: Country, random: Random): Basket => {
  const lines = Array.from({ length: random.weighted([[1, 50], [2, 28], [3, 14], [4, 8]]) }, () => ({
    ...random.pick(goods),
    units: random.chance(0.14) ? 2 : 1,
  }))
  const sum = lines.reduce((total, { price, units }) => total + price * units, 0)
  return {
    items: lines.map(({ sku, units }) => `${sku} x${units}`).join('|'),
    total: Math.round((sum * priceLevel[country]) / 10) * 10 - 5,
  }
}

export const amount = (hundredths: number): string => (hundredths / 100).toFixed(2)
