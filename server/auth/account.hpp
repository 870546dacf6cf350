#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "engine/store/record.hpp"

namespace sillage::server {

/// What a thing belongs to; empty members: to none. An instance has all four but perhaps the
/// cohort, a company its cluster and itself, the network none.
struct Scope {
    std::string cluster = {};
    std::string cohort = {};
    std::string company = {};
    std::string instance = {};
    /// Of an instance: whom it descends from. A binding names none.
    std::vector<std::string> ancestors = {};

    bool operator==(const Scope&) const = default;
};

/// A role that an account holds for whatever lies within the scope; an empty one is everything.
struct Binding {
    std::string role = {};
    Scope scope = {};

    bool operator==(const Binding&) const = default;
};

/// A person or an integration; where it asks for something, as the credential has it.
struct Account {
    std::string id = {};
    std::string name = {};
    std::vector<Binding> bindings = {};
    /// In whose place it acts: its bindings are then those that were lent to it.
    Rare<Behalf> on_behalf_of = {};
    /// Its own, while it acts in another's place.
    std::vector<Binding> own_bindings = {};
    /// By what it asks: a token's or a login session's id; empty for who needs none.
    std::string credential = {};
    /// What the credential is limited to, of token_scopes; empty: nothing.
    std::vector<std::string> scopes = {};

    bool operator==(const Account&) const = default;
};

/// Whether every set member of `binding` is the same in `thing`; an instance covers its
/// descendants.
[[nodiscard]] bool covers(const Scope& binding, const Scope& thing);

/// Shape: `{"role": "sme", "company": "com_…"}`, without what is empty.
[[nodiscard]] boost::json::object to_json(const Binding& binding);
/// The other way; unknown members are ignored.
[[nodiscard]] Binding binding_of(const boost::json::object& members);

/// Reads the account that a record of that kind holds: `name`, and `bindings` as they take effect.
[[nodiscard]] Account account_of(const Record& record);

/// What an account is found by: its e-mail address in lower case; empty without one. Providers that
/// tell two addresses apart by case alone are none of this century's.
[[nodiscard]] std::string email_lookup(std::string_view email);

/// Where the instance lies.
[[nodiscard]] Scope scope_of(const InstanceRecord& instance);
/// Where a cluster, company or cohort lies.
[[nodiscard]] Scope scope_of(const Record& record);

}  // namespace sillage::server
