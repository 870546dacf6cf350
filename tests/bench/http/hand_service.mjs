// What a developer would write by hand: fastify, XState, SQLite. The state of each instance, the log
// of its events and its timers are rows, written together and synced before the answer.
// Usage: node hand_service.mjs DATABASE each|group   prints its port
//   each   one transaction a request, as usual
//   group  the requests that wait share one
import Database from 'better-sqlite3';
import fastify from 'fastify';
import { initialTransition, transition } from 'xstate';

import { machine } from './readiness.mjs';

const [path, commits] = process.argv.slice(2);
const roles = new Map([['sme', 'sme'], ['mentor', 'mentor']]);  // by token

const db = new Database(path);
db.pragma('journal_mode = WAL');
db.pragma('synchronous = FULL');
db.exec(`
    CREATE TABLE instance (id TEXT PRIMARY KEY, sequence INTEGER NOT NULL, snapshot TEXT NOT NULL);
    CREATE TABLE entry (
        position INTEGER PRIMARY KEY, instance TEXT NOT NULL, sequence INTEGER NOT NULL,
        event TEXT NOT NULL, data TEXT, actor TEXT NOT NULL, at TEXT NOT NULL);
    CREATE UNIQUE INDEX entry_instance ON entry (instance, sequence);
    CREATE TABLE timer (
        instance TEXT NOT NULL, id TEXT NOT NULL, due INTEGER NOT NULL,
        PRIMARY KEY (instance, id)) WITHOUT ROWID;
    CREATE INDEX timer_due ON timer (due);`);
const load = db.prepare('SELECT sequence, snapshot FROM instance WHERE id = ?');
const save = db.prepare('REPLACE INTO instance (id, sequence, snapshot) VALUES (?, ?, ?)');
const log = db.prepare(
    'INSERT INTO entry (instance, sequence, event, data, actor, at) VALUES (?, ?, ?, ?, ?, ?)');
const startTimer = db.prepare('REPLACE INTO timer (instance, id, due) VALUES (?, ?, ?)');
const cancelTimer = db.prepare('DELETE FROM timer WHERE instance = ? AND id = ?');

class Refusal extends Error {
    constructor(statusCode, message) {
        super(message);
        this.statusCode = statusCode;
    }
}

function loaded(id) {
    const row = load.get(id);
    if (row === undefined) {
        const [snapshot] = initialTransition(machine);
        return { sequence: 1, snapshot };
    }
    return { sequence: row.sequence, snapshot: machine.resolveState(JSON.parse(row.snapshot)) };
}

// Within a transaction.
function take({ id, by, event, data }) {
    const now = Date.now();
    const { sequence, snapshot } = loaded(id);
    const input = { ...data, type: event, by };
    if (!snapshot.can(input)) {
        throw new Refusal(409, `${event} is not possible now`);
    }
    const [after, actions] = transition(machine, snapshot, input);
    const { value, context, historyValue } = after;
    save.run(id, sequence + 1, JSON.stringify({ value, context, historyValue }));
    log.run(id, sequence + 1, event, JSON.stringify(data), by, new Date(now).toISOString());
    for (const { type, params } of actions) {
        if (type === 'xstate.raise') {
            startTimer.run(id, params.id, now + params.delay);
        } else if (type === 'xstate.cancel') {
            cancelTimer.run(id, params.sendId);
        }
    }
    return { sequence: sequence + 1, instance: { id, state: value, context } };
}

const takeAlone = db.transaction(take).immediate;

// Takes all requests in one transaction; each has an answer of its own, after the commit.
const takeAll = db.transaction((requests) => requests.map((request) => {
    try {
        return { answer: take(request) };
    } catch (error) {
        if (!(error instanceof Refusal)) {
            throw error;  // the transaction is rolled back
        }
        return { error };
    }
})).immediate;

let waiting = [];

function commitWaiting() {
    const batch = waiting;
    waiting = [];
    try {
        takeAll(batch.map(({ request }) => request)).forEach(({ answer, error }, index) => {
            error ? batch[index].reject(error) : batch[index].resolve(answer);
        });
    } catch (error) {
        batch.forEach(({ reject }) => reject(error));
    }
}

function takeTogether(request) {
    return new Promise((resolve, reject) => {
        waiting.push({ request, resolve, reject });
        if (waiting.length === 1) {
            setImmediate(commitWaiting);
        }
    });
}

const server = fastify({
    ajv: { customOptions: { coerceTypes: false } },
});
server.post('/v1/instances/:id/events', {
    schema: {
        body: {
            type: 'object',
            required: ['event'],
            properties: { event: { type: 'string' }, data: { type: 'object' } },
        },
    },
}, async (request) => {
    const by = roles.get(request.headers.authorization?.replace('Bearer ', ''));
    if (by === undefined) {
        throw new Refusal(401, 'whose token is that?');
    }
    const asked = { id: request.params.id, by, event: request.body.event, data: request.body.data ?? {} };
    return commits === 'group' ? takeTogether(asked) : takeAlone(asked);
});
await server.listen({ host: '127.0.0.1', port: 0 });
console.log(server.server.address().port);
