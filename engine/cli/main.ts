/** The command line: one file a command, each described where it is registered. */
import { Command } from 'commander'
import { VERSION } from '../version.ts'
import { verifyAudit } from './commands/audit.ts'
import { doctor } from './commands/doctor.ts'
import { createWriteKey } from './commands/key.ts'
import { lint } from './commands/lint.ts'
import { match } from './commands/match.ts'
import { newNode } from './commands/new-node.ts'
import { run } from './commands/run.ts'
import { testNodes } from './commands/test-nodes.ts'
import { server } from './commands/server.ts'
import { start, type StartOptions } from './commands/start.ts'
import { createApiToken } from './commands/token.ts'
import { worker } from './commands/worker.ts'

const program = new Command('heddle')
  .description('Heddle, the customer data platform whose centre is a visual flow engine.')
  .version(VERSION, '-V, --version', 'print the version')
  .showHelpAfterError('(heddle --help lists all commands.)')
  .showSuggestionAfterError()

const HOME = [
  '--home <folder>',
  'folder of this instance (default: .heddle in the project)',
] as const

program
  .command('start')
  .description('start everything: MongoDB, Temporal, server, worker')
  .option(...HOME)
  .option('--port <port>', 'port of the web pages and the API', '8088')
  .option('--sample', 'load the sample workspace and run its flow')
  .option('--no-open', 'do not open a browser')
  .action(start)

program
  .command('dev')
  .description('start everything, and read node types and editor again whenever they change')
  .option(...HOME)
  .option('--port <port>', 'port of the web pages and the API', '8088')
  .option('--sample', 'load the sample workspace and run its flow')
  .option('--no-open', 'do not open a browser')
  .action((options: StartOptions) => start({ ...options, dev: true }))

const DEV = ['--dev', 'read node types again whenever they change'] as const

program
  .command('worker')
  .description('start a worker alone')
  .option(...HOME)
  .option(...DEV)
  .action(worker)

program
  .command('server')
  .description('start the server alone')
  .option(...HOME)
  .option('--port <port>', 'port to listen on', '8088')
  .option('--host <address>', 'address to listen on', '127.0.0.1')
  .option(...DEV)
  .action(server)

program
  .command('token')
  .description('API tokens')
  .command('create')
  .description('print a new API token; it cannot be shown again')
  .requiredOption('--role <role>', 'owner, marketer, operator, engineer or privacy_officer')
  .option('--name <name>', 'what it is for', 'Command line')
  .option(...HOME)
  .action(createApiToken)

program
  .command('key')
  .description('write keys of live sources')
  .command('create')
  .description('print the write key of a source; the source is made when there is none')
  .requiredOption('--source <name>', 'name of the source')
  .option(...HOME)
  .action(createWriteKey)

program
  .command('audit')
  .description('the log of who did what')
  .command('verify')
  .description('check that no entry was changed, taken out or cut off; exits with 1 when one was')
  .option(...HOME)
  .action(verifyAudit)

program
  .command('doctor')
  .description('tell what was found where, and what is missing')
  .option(...HOME)
  .action(doctor)

program
  .command('lint <flow>')
  .description('check a saved flow (JSON); exits with 1 when it has errors')
  .action(lint)

program
  .command('run <flow>')
  .description('dry-run a saved flow on a sample of a file; nothing is written or sent')
  .requiredOption('--input <file>', 'file that every source of the flow reads')
  .option('--rows <n>', 'records read from each source', '1000')
  .action(run)

program
  .command('match')
  .description('find the records of one person in a CSV file whose first column is the record id')
  .requiredOption('--input <file>', 'records, one a row')
  .requiredOption('--out <file>', 'where to write record_id,cluster_id')
  .option('--link-with <file>', 'a second file whose records are matched with the first')
  .option('--explain', 'tell what was chosen and how long each step took')
  .action(match)

const node = program.command('node').description('make and test node types of your own')

node
  .command('new <type>')
  .description('write a node type with a fixture and a test, as in: heddle node new shout')
  .option('--folder <folder>', 'where to write it, from heddle.config.ts', 'heddle-nodes')
  .action(newNode)

node
  .command('test [folder]')
  .description('run the tests of a folder of node types')
  .action((folder = 'heddle-nodes') => testNodes(folder as string))

await program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
})
