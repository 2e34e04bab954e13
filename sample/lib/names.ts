/** Names of the shop's customers by country. A Chinese name carries its pinyin for the address. */
import type { Country } from './people.ts'

export type Name = { written: string; latin: string }
export type NamePool = { women: Name[]; men: Name[]; families: Name[] }

const spelledOut: Record<string, string> = { ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss', ø: 'o', ł: 'l', ı: 'i' }

/** Letters an e-mail address is made of: "Müller" -> "mueller", "O'Brien" -> "obrien". */
export const latinOf = (written: string): string =>
  written
    .toLowerCase()
    .replace(/[äöüßøłı]/g, (letter) => spelledOut[letter] ?? letter)
    .normalize('NFD')
    .replace(/[^a-z]/g, '')

const named = (list: string): Name[] =>
  list.split(', ').map((written) => ({ written, latin: latinOf(written) }))

/** "伟 wei, 芳 fang": as written, then pinyin. */
const chinese = (list: string): Name[] =>
  list.split(', ').map((pair) => {
    const [written = '', latin = ''] = pair.split(' ')
    return { written, latin }
  })

export const namePools: Record<Country, NamePool> = {
  GB: {
    women: named(
      "Olivia, Amelia, Isla, Ava, Emily, Sophie, Grace, Charlotte, Jessica, Siân, Niamh, Zoë, Chloé, Priya, Aisha, Fatima, Hannah, Megan, Rebecca, Lucy, Alice, Eleanor, Mary-Jane, Anne-Marie, Bronwen, Catherine, Deborah, Fiona, Gillian, Heather, Imogen, Joanna, Karen, Louise, Margaret, Nicola, Poppy, Rosie, Sarah, Tamsin",
    ),
    men: named(
      "Oliver, George, Harry, Noah, Jack, Leo, Arthur, Muhammad, Oscar, Charlie, Jacob, Thomas, Seán, Rhys, Owen, Callum, Ewan, Hamish, Imran, Raj, Adam, Benjamin, Daniel, Edward, Frederick, Gareth, Henry, Ian, James, Kieran, Liam, Matthew, Nathan, Patrick, Peter, Robert, Samuel, Stephen, Tariq, William",
    ),
    families: named(
      "Smith, Jones, Taylor, Brown, Williams, Wilson, Johnson, Davies, Patel, Wright, Walker, Robinson, Thompson, White, Hughes, Edwards, Green, Hall, Wood, Harris, Lewis, Martin, Jackson, Clarke, Clark, Turner, Hill, O'Brien, O'Connor, O'Neill, McDonald, MacLeod, Khan, Singh, Ahmed, Begum, Fitzgerald, Smythe, Parker-Bowen, Ashworth, Blackwood, Cartwright, Dunn, Ellison, Fairfax, Goodwin, Hargreaves, Ingham, Kershaw, Llewellyn, Murphy, Nicholson, Okafor, Pritchard, Quinn, Rowlands, Sheppard, Thornton, Underwood, Whitfield",
    ),
  },
  DE: {
    women: named(
      'Anna, Lea, Lena, Marie, Käthe, Jürgine, Heike, Sabine, Ursula, Monika, Petra, Brigitte, Gisela, Ingrid, Renate, Karin, Claudia, Susanne, Birgit, Jana, Katharina, Johanna, Franziska, Mia, Emma, Hannah, Clara, Greta, Ayşe, Elif, Zeynep, Magdalena, Annika, Svenja, Nele, Friederike, Bärbel, Anne-Kathrin',
    ),
    men: named(
      'Jürgen, Jörg, Günter, Björn, Sören, Thomas, Michael, Andreas, Stefan, Christian, Markus, Wolfgang, Klaus, Uwe, Matthias, Peter, Dieter, Ralf, Torsten, Lukas, Jonas, Felix, Maximilian, Paul, Ben, Elias, Mehmet, Mustafa, Emre, Łukasz, Karl-Heinz, Hans-Peter, Götz, Rüdiger, Sebastian, Tobias, Florian, Moritz',
    ),
    families: named(
      'Müller, Schmidt, Schneider, Fischer, Weber, Meyer, Wagner, Becker, Schulz, Hoffmann, Schäfer, Koch, Bauer, Richter, Klein, Wolf, Schröder, Neumann, Schwarz, Zimmermann, Braun, Krüger, Hofmann, Hartmann, Lange, Schmitt, Werner, Krause, Meier, Lehmann, Schmid, Schulze, Maier, Köhler, Herrmann, König, Walter, Mayer, Huber, Kaiser, Fuchs, Peters, Lang, Scholz, Möller, Weiß, Jung, Hahn, Schubert, Vogel, Friedrich, Keller, Günther, Frank, Berger, Winkler, Yılmaz, Kaya, Öztürk, von der Heide',
    ),
  },
  FR: {
    women: named(
      'Chloé, Léa, Zoé, Inès, Anaïs, Maëlle, Hélène, Françoise, Céline, Aurélie, Noémie, Mélanie, Cécile, Émilie, Manon, Camille, Juliette, Louise, Alice, Jade, Emma, Sarah, Marie-Claire, Anne-Sophie, Nathalie, Isabelle, Sylvie, Catherine, Martine, Valérie, Sandrine, Véronique, Fatou, Amina, Yasmine, Clémence, Margaux, Solène',
    ),
    men: named(
      'Jean, Pierre, François, René, André, Gérard, Jérôme, Stéphane, Frédéric, Sébastien, Loïc, Gaël, Théo, Léo, Hugo, Lucas, Louis, Raphaël, Jules, Gabriel, Arthur, Nathan, Noël, Benoît, Cédric, Grégoire, Jean-Luc, Jean-Baptiste, Mohamed, Karim, Mamadou, Olivier, Philippe, Thierry, Xavier, Yves, Étienne, Antoine',
    ),
    families: named(
      "Martin, Bernard, Thomas, Petit, Robert, Richard, Durand, Dubois, Moreau, Laurent, Simon, Michel, Lefèvre, Lefebvre, Leroy, Roux, David, Bertrand, Morel, Fournier, Girard, Bonnet, Dupont, Dupond, Lambert, Fontaine, Rousseau, Vincent, Müller, Faure, André, Mercier, Blanc, Guérin, Boyer, Garnier, Chevalier, François, Legrand, Gauthier, Garcia, Perrin, Robin, Clément, Morin, Nicolas, Henry, Roussel, Mathieu, Gautier, D'Angelo, D'Aubigné, L'Hermitte, Le Gall, De La Tour, N'Diaye, Benali, Traoré, Diallo, Haddad",
    ),
  },
  US: {
    women: named(
      "Emma, Olivia, Sophia, Isabella, Mia, Charlotte, Abigail, Madison, Ashley, Jennifer, Jessica, Amanda, Brittany, Megan, Nicole, Stephanie, Maria, Guadalupe, Ximena, Sofía, Lucía, Keisha, Latoya, Aaliyah, Linh, Mei, Grace, Hope, Barbara, Patricia, Linda, Susan, Dorothy, Nancy, Carol, Renée, D'Andra",
    ),
    men: named(
      "Liam, Noah, Ethan, Mason, Logan, Jacob, Michael, Christopher, Matthew, Joshua, Andrew, Tyler, Brandon, José, Jesús, Ángel, Luis, Carlos, DeShawn, Jamal, Tyrone, Darnell, Kevin, Brian, Eric, Scott, Gregory, Raymond, Jerry, Dennis, Walter, Peter, Harold, Douglas, Kyle, Dylan, D'Angelo",
    ),
    families: named(
      "Smith, Johnson, Williams, Brown, Jones, García, Miller, Davis, Rodríguez, Martínez, Hernández, López, González, Wilson, Anderson, Thomas, Taylor, Moore, Jackson, Martin, Lee, Pérez, Thompson, White, Harris, Sánchez, Clark, Ramírez, Lewis, Robinson, Walker, Young, Allen, King, Wright, Scott, Torres, Nguyen, Hill, Flores, Green, Adams, Nelson, Baker, Hall, Rivera, Campbell, Mitchell, Carter, O'Malley, O'Reilly, Nuñez, Kowalski, Schwartz, Goldberg, Kim, Park, Tran, Washington, Van Buren",
    ),
  },
  CN: {
    women: chinese(
      '芳 fang, 娜 na, 敏 min, 静 jing, 丽 li, 艳 yan, 娟 juan, 霞 xia, 秀英 xiuying, 桂英 guiying, 雪梅 xuemei, 婷婷 tingting, 欣怡 xinyi, 诗涵 shihan, 梓涵 zihan, 雨桐 yutong, 佳怡 jiayi, 思远 siyuan, 晓燕 xiaoyan, 玉兰 yulan, 美玲 meiling, 淑华 shuhua, 若曦 ruoxi, 梦琪 mengqi',
    ),
    men: chinese(
      '伟 wei, 强 qiang, 磊 lei, 军 jun, 洋 yang, 勇 yong, 杰 jie, 涛 tao, 明 ming, 超 chao, 建国 jianguo, 志强 zhiqiang, 浩然 haoran, 子轩 zixuan, 宇航 yuhang, 文博 wenbo, 俊杰 junjie, 天佑 tianyou, 海涛 haitao, 国栋 guodong, 晓东 xiaodong, 立新 lixin, 一鸣 yiming, 嘉豪 jiahao',
    ),
    families: chinese(
      '王 wang, 李 li, 张 zhang, 刘 liu, 陈 chen, 杨 yang, 黄 huang, 赵 zhao, 吴 wu, 周 zhou, 徐 xu, 孙 sun, 马 ma, 朱 zhu, 胡 hu, 郭 guo, 何 he, 高 gao, 林 lin, 罗 luo, 郑 zheng, 梁 liang, 谢 xie, 宋 song, 唐 tang, 许 xu, 邓 deng, 冯 feng, 韩 han, 曹 cao, 欧阳 ouyang, 司马 sima',
    ),
  },
}

export const salutations: Record<Country, { women: string[]; men: string[] }> = {
  GB: { women: ['Mrs', 'Ms', 'Miss', 'Dr'], men: ['Mr', 'Mr', 'Mr', 'Dr'] },
  DE: { women: ['Frau', 'Frau', 'Frau Dr.'], men: ['Herr', 'Herr', 'Herr Dr.'] },
  FR: { women: ['Mme', 'Mme', 'Mlle'], men: ['M.'] },
  US: { women: ['Ms.', 'Mrs.'], men: ['Mr.'] },
  CN: { women: ['女士'], men: ['先生'] },
}
