// The chart of relay.yaml in XState, and the folding of logs by it (C5).
// Usage: node fold.mjs < LOG   lines `{instance, entries: [{sequence, event, data, to}]}`; prints a
// line an entry that leads elsewhere than the log says. A timer's event is an event like any other.
import { createInterface } from 'node:readline';
import { assign, createMachine, initialTransition, transition } from 'xstate';

const token = ({ event }) => event.token;
const lap = assign({ laps: ({ context }) => context.laps + 1, token });

const region = (event) => ({
    initial: 'open',
    states: { open: { on: { [event]: 'closed' } }, closed: { type: 'final' } },
});

const relay = createMachine({
    id: 'relay',
    context: { laps: 0, token: '' },
    initial: 'ready',
    states: {
        ready: {
            on: {
                run: { target: 'running', actions: assign({ token }) },
                note: { actions: lap },
                split: 'split',
            },
        },
        running: {
            initial: 'slow',
            on: {
                'after.running.PT0.4S': 'tired',
                stop: [
                    { guard: ({ context }) => context.laps % 2 === 0, target: 'ready', actions: lap },
                    { target: 'tired', actions: lap },
                ],
            },
            states: {
                slow: { on: { faster: 'fast' } },
                fast: { on: { slower: 'slow' } },
                again: { type: 'history', target: 'slow' },
            },
        },
        tired: { on: { 'after.tired.PT0.7S': 'ready', resume: 'running.again' } },
        split: {
            type: 'parallel',
            onDone: 'ready',
            on: { abort: 'ready' },
            states: { left: region('left.close'), right: region('right.close') },
        },
    },
});

// The active atomic states in document order, as `to` has them.
function leaves(value, path = []) {
    if (typeof value === 'string') {
        return [[...path, value].join('.')];
    }
    return Object.entries(value).flatMap(([name, inner]) => leaves(inner, [...path, name]));
}

function* foldOne({ instance, entries }) {
    let [snapshot] = initialTransition(relay);
    for (const { sequence, event, data, to } of entries) {
        if (event !== '$start') {
            [snapshot] = transition(relay, snapshot, { type: event, token: data?.token });
        }
        const found = leaves(snapshot.value);
        if (JSON.stringify(found) !== JSON.stringify(to)) {
            yield `C5 transition: ${instance} at ${sequence} (${event}) is in ${to}, ` +
                `XState in ${found}`;
            return;
        }
    }
}

for await (const line of createInterface({ input: process.stdin })) {
    for (const wrong of foldOne(JSON.parse(line))) {
        console.log(wrong);
    }
}
