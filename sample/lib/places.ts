/** Where customers live and where the shops are. Street numbers and postcodes are made up. */
import type { Random } from './random.ts'
import type { Country } from './people.ts'

export type Address = { street: string; postcode: string; city: string }

type Places = { cities: [string, string][]; streets: string[] }

/** City with its postcode pattern: # is a digit, ? a letter. */
const places: Record<Country, Places> = {
  GB: {
    cities: [
      ['London', 'SW## #??'],
      ['London', 'N## #??'],
      ['Manchester', 'M## #??'],
      ['Leeds', 'LS## #??'],
      ['Bristol', 'BS# #??'],
      ['Edinburgh', 'EH# #??'],
      ['Cardiff', 'CF## #??'],
      ["King's Lynn", 'PE## #??'],
      ['Stoke-on-Trent', 'ST# #??'],
    ],
    streets: ['High Street', 'Mill Lane', "St John's Road", 'Church Street', 'Weaver’s Row', 'Park Avenue', 'Victoria Terrace'],
  },
  DE: {
    cities: [
      ['Berlin', '10###'],
      ['Hamburg', '20###'],
      ['München', '80###'],
      ['Köln', '50###'],
      ['Frankfurt am Main', '60###'],
      ['Düsseldorf', '40###'],
      ['Würzburg', '97###'],
      ['Görlitz', '02###'],
    ],
    streets: ['Hauptstraße', 'Lindenallee', 'Goethestr.', 'Am Mühlbach', 'Königsallee', 'Bahnhofstraße', 'Straße des 17. Juni'],
  },
  FR: {
    cities: [
      ['Paris', '750##'],
      ['Lyon', '690##'],
      ['Marseille', '130##'],
      ['Nîmes', '30###'],
      ['Besançon', '25###'],
      ["L'Haÿ-les-Roses", '942##'],
      ['Orléans', '45###'],
    ],
    streets: ['rue de la Paix', "avenue de l'Opéra", 'rue des Tisserands', 'boulevard Voltaire', 'impasse du Moulin', 'place de la République'],
  },
  US: {
    cities: [
      ['New York', '100##'],
      ['Brooklyn', '112##'],
      ['Chicago', '606##'],
      ['Austin', '787##'],
      ['San José', '951##'],
      ['Boston', '021##'],
      ["Coeur d'Alene", '838##'],
    ],
    streets: ['Main St', 'Elm Street', 'Martin Luther King Jr Blvd', '5th Ave', 'Cotton Mill Rd', 'Oak Drive'],
  },
  CN: {
    cities: [
      ['北京市', '1000##'],
      ['上海市', '2000##'],
      ['广州市', '5100##'],
      ['深圳市', '5180##'],
      ['杭州市', '3100##'],
    ],
    streets: ['中山路', '人民路', '建设路', '解放大道', '长安街'],
  },
}

const letters = 'ABDEFGHJLNPQRSTUWXYZ'

const fill = (pattern: string, random: Random): string =>
  pattern
    .replace(/#/g, () => String(random.int(1, 9)))
    .replace(/\?/g, () => letters.charAt(random.int(0, letters.length - 1)))

const streetLine: Record<Country, (street: string, number: number) => string> = {
  GB: (street, number) => `${number} ${street}`,
  DE: (street, number) => `${street} ${number}`,
  FR: (street, number) => `${number}, ${street}`,
  US: (street, number) => `${number * 10} ${street}`,
  CN: (street, number) => `${street}${number}号`,
}

export const makeAddress = (country: Country, random: Random): Address => {
  const { cities, streets } = places[country]
  const [city, postcode] = random.pick(cities)
  return {
    street: streetLine[country](random.pick(streets), random.int(1, 180)),
    postcode: fill(postcode, random),
    city,
  }
}

/** Store number as the tills print it; its first two letters are the country. */
export const stores: Record<Country, string[]> = {
  GB: ['GB-LON-01', 'GB-LON-02', 'GB-MAN-01', 'GB-EDI-01'],
  DE: ['DE-BER-01', 'DE-HAM-01', 'DE-MUC-01'],
  FR: ['FR-PAR-01', 'FR-LYO-01'],
  US: ['US-NYC-01', 'US-CHI-01'],
  CN: ['CN-SHA-01', 'CN-BJS-01'],
}
