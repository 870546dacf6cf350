#pragma once

#include <string>
#include <vector>

#include "engine/model/definition.hpp"

namespace sillage {

/// What a diagram says in its own words, in English or in French.
class Phrases {
  public:
    explicit Phrases(std::vector<std::string> languages);

    /// The best variant for the reader, `…` for what only an instance knows; empty for no text.
    [[nodiscard]] std::string plain(const Text& text) const;

    /// `14 days`, `14 jours`; an expression as it is written.
    [[nodiscard]] std::string delay(const Delay& delay) const;
    [[nodiscard]] std::string waits_for(const std::string& role) const;
    /// What a state's deadline is: `within 14 days`, `until cohort.dates.close`.
    [[nodiscard]] std::string deadline(const Deadline& deadline) const;
    [[nodiscard]] std::string after(const Delay& delay) const;
    [[nodiscard]] std::string deadline_passed() const;
    [[nodiscard]] std::string reminder() const;
    [[nodiscard]] std::string done() const;
    /// One of the last three, of another state than the one at hand: `reminder: Roadmap`.
    [[nodiscard]] std::string about(const std::string& words, const std::string& state) const;
    [[nodiscard]] std::string failed() const;
    [[nodiscard]] std::string runs(const std::string& workflow) const;
    /// Of a transition out of a state from wherever inside of it.
    [[nodiscard]] std::string anywhere() const;

  private:
    [[nodiscard]] std::string either(const char* english, const char* french) const;
    [[nodiscard]] std::string counted(std::int64_t count, const char* english,
                                      const char* french) const;

    std::vector<std::string> languages_;
    bool french_ = false;
};

}  // namespace sillage
