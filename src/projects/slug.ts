import type { Chance } from '../state/chance.ts'

const ADJECTIVES =
  'admiring agitated amazing beautiful blissful bold brave busy charming clever cool crazy dazzling determined eager ecstatic elastic elated elegant eloquent epic fervent festive focused friendly frosty funny gallant gifted goofy gracious great happy hardcore hopeful hungry infallible inspiring jolly jovial keen kind laughing loving lucid magical modest musing naughty nervous nice nifty nostalgic objective optimistic peaceful pensive practical priceless quirky quizzical relaxed reverent romantic serene sharp silly sleepy stoic strange suspicious sweet tender thirsty trusting unruffled upbeat vibrant vigilant wizardly wonderful youthful zealous zen'.split(
    ' ',
  )

const SCIENTISTS =
  'archimedes babbage bardeen bell bohr bose brahmagupta carson chandrasekhar clarke curie darwin davinci dijkstra einstein elion engelbart euclid euler faraday fermat fermi feynman franklin galileo gauss goldberg goodall hamilton hawking heisenberg herschel hodgkin hopper hypatia jemison johnson keller kepler kilby knuth kowalevski lamarr leakey leavitt lovelace lumiere mayer mccarthy mcclintock mclean meitner mendel mendeleev mirzakhani morse newton nobel noether pascal pasteur payne perlman pike poincare ptolemy raman ramanujan ride ritchie rosalind saha sammet shannon shirley sinoussi snyder spence stonebraker swanson swartz swirles tesla thompson torvalds turing wescoff wilbur wiles wing wozniak wright yalow yonath'.split(
    ' ',
  )

/** The slug of a new project: adjective, scientist and ten characters by chance (admin-keto-projects §6.1). */
export function makeSlug(chance: Chance): string {
  const pick = (words: readonly string[]) => words[chance.bytes(2).readUInt16BE(0) % words.length]
  return `${pick(ADJECTIVES)}-${pick(SCIENTISTS)}-${chance.code(10)}`
}
