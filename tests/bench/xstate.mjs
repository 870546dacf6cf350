// readiness.yaml in XState: roles and forms are guards.
// Usage: node xstate.mjs REPETITIONS   prints {"actor": N, "transition": N}, macrosteps a second of
// processor time, the medians of so many runs of at least a second each.
import { assign, createActor, createMachine, initialTransition, transition } from 'xstate';

// Who may send an event, and what it must bring.
const by = (...roles) => ({ event }) => roles.includes(event.by);
const isScore = (value) => Number.isInteger(value) && value >= 0 && value <= 100;
const isReason = (value) => typeof value === 'string' && value.length > 0;

const day = 24 * 60 * 60 * 1000;

const machine = createMachine({
    id: 'export-readiness',
    context: { score: 0, attempts: 0, freezes: 0 },
    initial: 'readiness',
    states: {
        readiness: {
            initial: 'assessment',
            on: {
                freeze: {
                    guard: by('manager'),
                    target: 'frozen',
                    actions: assign({ freezes: ({ context }) => context.freezes + 1 }),
                },
            },
            states: {
                assessment: {
                    after: {
                        [11 * day]: { actions: () => {} },
                        [13 * day]: { actions: () => {} },
                        [14 * day]: 'overdue',
                    },
                    on: {
                        answer: {
                            guard: ({ event }) => event.by === 'sme' && isScore(event.score),
                            actions: assign({
                                score: ({ event }) => event.score,
                                attempts: ({ context }) => context.attempts + 1,
                            }),
                        },
                        submit: {
                            guard: ({ context, event }) =>
                                event.by === 'sme' && context.score >= 60,
                            target: 'review',
                        },
                    },
                },
                review: {
                    on: {
                        approve: {
                            guard: by('mentor', 'manager'),
                            target: '#export-readiness.tracks',
                        },
                        return: {
                            guard: ({ event }) => event.by === 'mentor' && isReason(event.reason),
                            target: 'assessment',
                        },
                    },
                },
                overdue: { on: { extend: { guard: by('manager'), target: 'assessment' } } },
                back: { type: 'history', history: 'deep', target: 'assessment' },
            },
        },
        frozen: {
            on: { resume: { guard: by('manager'), target: '#export-readiness.readiness.back' } },
        },
        tracks: {
            type: 'parallel',
            states: {
                compliance: {
                    initial: 'open',
                    states: {
                        open: {
                            on: { 'compliance.done': { guard: by('sme', 'mentor'), target: 'done' } },
                        },
                        done: { type: 'final' },
                    },
                },
                marketing: {
                    initial: 'open',
                    states: {
                        open: {
                            on: { 'marketing.done': { guard: by('sme', 'mentor'), target: 'done' } },
                        },
                        done: { type: 'final' },
                    },
                },
            },
            onDone: 'graduated',
        },
        graduated: { on: { again: { guard: by('manager'), target: 'readiness' } } },
    },
});

// The same as in core_bench.cpp and qt_bench.cpp.
const cycle = [
    { type: 'answer', by: 'sme', score: 40 },
    { type: 'submit', by: 'sme' },
    { type: 'answer', by: 'sme', score: 85 },
    { type: 'submit', by: 'sme' },
    { type: 'return', by: 'mentor', reason: 'Say more on labels.' },
    { type: 'freeze', by: 'manager' },
    { type: 'resume', by: 'manager' },
    { type: 'submit', by: 'sme' },
    { type: 'freeze', by: 'manager' },
    { type: 'resume', by: 'manager' },
    { type: 'approve', by: 'mentor' },
    { type: 'compliance.done', by: 'sme' },
    { type: 'marketing.done', by: 'mentor' },
    { type: 'again', by: 'manager' },
];
const cyclesBetweenLooks = 100;

// The cycles came round: two freezes each, and back in the assessment.
function mustHaveComeRound(snapshot, cycles) {
    if (!snapshot.matches({ readiness: 'assessment' }) || snapshot.context.freezes !== 2 * cycles) {
        throw new Error(`XState stands at ${JSON.stringify(snapshot.value)} after ${cycles} cycles`);
    }
}

// Seconds that the process has run on any processor.
function processorSeconds() {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
}

// Macrosteps a second of `runCycle` in one run of a second at least.
function measure(runCycle) {
    const begin = processorSeconds();
    let cycles = 0;
    let seconds = 0;
    while (seconds < 1) {
        for (let i = 0; i < cyclesBetweenLooks; ++i) {
            runCycle();
        }
        cycles += cyclesBetweenLooks;
        seconds = processorSeconds() - begin;
    }
    return { cycles, rate: (cycles * cycle.length) / seconds };
}

function measureActor() {
    const actor = createActor(machine).start();
    const { cycles, rate } = measure(() => cycle.forEach((event) => actor.send(event)));
    mustHaveComeRound(actor.getSnapshot(), cycles);
    actor.stop();
    return rate;
}

function measureTransition() {
    let [snapshot] = initialTransition(machine);
    const { cycles, rate } = measure(() => {
        for (const event of cycle) {
            [snapshot] = transition(machine, snapshot, event);
        }
    });
    mustHaveComeRound(snapshot, cycles);
    return rate;
}

function median(values) {
    return values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function medianOf(measureOnce, repetitions) {
    measureOnce();  // warms the compiler up
    return Math.round(median(Array.from({ length: repetitions }, measureOnce)));
}

const repetitions = Number(process.argv[2]);
const rates = {
    actor: medianOf(measureActor, repetitions),
    transition: medianOf(measureTransition, repetitions),
};
console.log(JSON.stringify(rates));
