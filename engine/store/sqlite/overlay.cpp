#include "engine/store/sqlite/overlay.hpp"

#include <algorithm>
#include <ranges>

#include "engine/base/assert.hpp"

namespace sillage {
namespace {

const std::vector<StoredTimer> none;

}  // namespace

void Overlay::add(WritePointer write) {
    const InstanceRecord& record = write->instance;
    if (!record.key.empty()) {
        keys_.try_emplace({record.workflow, record.key}, record.id);
    }
    if (record.parent) {
        children_.try_emplace({record.parent->instance, record.parent->serial}, record.id);
    }
    auto& [id, pending] = *instances_.try_emplace(record.id).first;
    timers_.replace(id, pending.empty() ? none : pending.back()->timers, write->timers);
    pending.push_back(std::move(write));
}

void Overlay::add(AnswerPointer answer) {
    std::pair key{answer->scope, answer->key};
    answers_.insert_or_assign(std::move(key), std::move(answer));
}

void Overlay::drop(const std::string& instance, std::uint64_t sequence) {
    const auto found = instances_.find(instance);
    if (found == instances_.end()) {
        return;
    }
    Pending& pending = found->second;
    if (pending.back()->entry.sequence > sequence) {
        std::erase_if(pending,
                      [&](const WritePointer& write) { return write->entry.sequence <= sequence; });
        return;
    }
    timers_.replace(found->first, pending.back()->timers, none);
    const InstanceRecord& record = pending.back()->instance;
    if (!record.key.empty()) {
        keys_.erase({record.workflow, record.key});
    }
    if (record.parent) {
        children_.erase({record.parent->instance, record.parent->serial});
    }
    instances_.erase(found);
}

void Overlay::drop(const AnswerPointer& answer) {
    const auto found = answers_.find(std::pair(answer->scope, answer->key));
    if (found != answers_.end() && found->second == answer) {
        answers_.erase(found);
    }
}

void Overlay::take(Overlay other) {
    for (auto& [id, pending] : other.instances_) {
        for (WritePointer& write : pending) {
            add(std::move(write));
        }
    }
    for (auto& [key, answer] : other.answers_) {
        add(std::move(answer));
    }
}

void Overlay::clear() { *this = Overlay(); }

const Pending* Overlay::find(std::string_view instance) const {
    const auto found = instances_.find(instance);
    return found == instances_.end() ? nullptr : &found->second;
}

const Pending* Overlay::find_key(std::string_view workflow, std::string_view key) const {
    const auto found = keys_.find(std::pair(std::string(workflow), std::string(key)));
    return found == keys_.end() ? nullptr : find(found->second);
}

const Pending* Overlay::find_child(std::string_view parent, std::uint64_t serial) const {
    const auto found = children_.find(std::pair(std::string(parent), serial));
    return found == children_.end() ? nullptr : find(found->second);
}

AnswerPointer Overlay::find_answer(std::string_view scope, std::string_view key) const {
    const auto found = answers_.find(std::pair(std::string(scope), std::string(key)));
    return found == answers_.end() ? nullptr : found->second;
}

}  // namespace sillage
