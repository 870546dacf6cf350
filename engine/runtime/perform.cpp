#include <algorithm>
#include <array>

#include "engine/base/fault.hpp"
#include "engine/runtime/entry_hash.hpp"
#include "engine/runtime/runtime.hpp"

namespace sillage {
namespace {

/// How long a repeat is answered from storage (api.md, section 4).
constexpr Duration answer_kept{7LL * 24 * 60 * 60 * 1000};
/// Answers dropped whenever one is stored. Chosen: more than one, so that a backlog shrinks, and
/// few, so that no request pays for it.
constexpr std::size_t answers_pruned = 8;
constexpr std::size_t salt_bytes = 16;
constexpr std::size_t salts_at_a_time = 64;
/// Refusals that executing the request produced and a repeat would meet again (api.md, section 4).
constexpr std::array<int, 4> stored_refusals{403, 409, 412, 422};

/// The stored answer of an earlier request, if there is one.
Result<std::optional<Answer>> answer_of_repeat(ReadView& view, const Repeat& repeat) {
    SILLAGE_TRY(auto stored, view.answer(repeat.scope, repeat.key));
    if (!stored || repeat.now - stored->at > answer_kept) {
        return std::nullopt;
    }
    if (stored->request_hash != repeat.request_hash) {
        return Error{.code = ErrorCode::idempotency_mismatch,
                     .message = "This Idempotency-Key was used with another request body."};
    }
    return Answer{.status = stored->status,
                  .headers = std::move(stored->headers),
                  .body = std::move(stored->body),
                  .replayed = true};
}

Result<void> store_answer(Transaction& transaction, const Repeat& repeat, const Answer& answer) {
    SILLAGE_TRY(transaction.prune_answers(
        Instant{repeat.now.milliseconds - answer_kept.milliseconds}, answers_pruned));
    return transaction.put(StoredAnswer{.scope = repeat.scope,
                                        .key = repeat.key,
                                        .request_hash = repeat.request_hash,
                                        .status = answer.status,
                                        .headers = answer.headers,
                                        .body = answer.body,
                                        .at = repeat.now});
}

/// Writes again what outlives a dropped transaction.
Result<void> append_incidents(Transaction& transaction,
                              const std::vector<InstanceWrite>& incidents) {
    for (const InstanceWrite& incident : incidents) {
        const Result<void> appended = transaction.append(incident);
        // A conflict: it told of an instance as the dropped work had left it, which never was.
        if (!appended && appended.error().code != ErrorCode::conflict) {
            return appended.error();
        }
    }
    return success();
}

}  // namespace

std::string Runtime::new_salt() {
    if (!random_) {
        return {};
    }
    if (chance_.empty()) {
        chance_.resize(salt_bytes * salts_at_a_time);
        random_(chance_);
    }
    const auto last = std::span(chance_).last(salt_bytes);
    std::string salt = salt_of(last);
    chance_.resize(chance_.size() - salt_bytes);
    return salt;
}

Result<void> Runtime::keep(Work& work) {
    Transaction& transaction = work.transaction_;
    SILLAGE_TRY(is_synced_by_caller_ ? transaction.accept() : transaction.commit());
    if (work.remembers_) {
        for (auto& [id, member] : work.own_) {
            loaded_.put(std::move(member));
        }
    }
    return success();
}

Result<Answer> Runtime::perform(const std::optional<Repeat>& repeat,
                                const std::function<Answer(Work&)>& work) {
    SILLAGE_TRY(catch_up());
    SILLAGE_TRY(auto transaction, store_.begin());
    if (repeat && !is_broken(Breakage::key_not_looked_up)) {
        SILLAGE_TRY(auto earlier, answer_of_repeat(*transaction, *repeat));
        if (earlier) {
            return *std::move(earlier);
        }
    }
    Work scope(*this, *transaction);
    Answer answer = work(scope);
    const bool is_refusal = answer.status >= 400;
    bool is_stored = repeat.has_value();
    if (is_refusal) {
        versions_.clear();
        transaction.reset();
        is_stored =
            is_stored && std::ranges::find(stored_refusals, answer.status) != stored_refusals.end();
        if (answer.status >= 500) {
            SILLAGE_TRY(store_.ready());
            return answer;
        }
        if (!is_stored && scope.incidents_.empty()) {
            return answer;
        }
        SILLAGE_TRY(transaction, store_.begin());
        SILLAGE_TRY(append_incidents(*transaction, scope.incidents_));
    }
    if (is_stored && !is_refusal && is_broken(Breakage::answer_apart)) {
        loaded_.clear();
        SILLAGE_TRY(transaction->commit());
        transaction.reset();
        SILLAGE_TRY(transaction, store_.begin());
        SILLAGE_TRY(store_answer(*transaction, *repeat, answer));
        SILLAGE_TRY(transaction->commit());
        return answer;
    }
    if (is_stored) {
        SILLAGE_TRY(store_answer(*transaction, *repeat, answer));
    }
    if (!is_refusal) {
        SILLAGE_TRY(keep(scope));
        return answer;
    }
    Work refusal(*this, *transaction);
    SILLAGE_TRY(keep(refusal));
    for (const InstanceWrite& incident : scope.incidents_) {
        loaded_.drop(incident.instance->id);
    }
    return answer;
}

}  // namespace sillage
