// The cycle on readiness.mjs, in XState.
// Usage: node xstate.mjs REPETITIONS   prints {"actor": N, "transition": N}, macrosteps a second of
// processor time, the medians of so many runs of at least a second each.
import { createActor, initialTransition, transition } from 'xstate';

import { machine } from './readiness.mjs';

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
