#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <iostream>
#include <memory>

#include "engine/base/json.hpp"
#include "server/app/exit_status.hpp"
#include "server/cli/commands.hpp"
#include "server/cli/operator.hpp"

namespace sillage::server {

namespace {

namespace json = boost::json;

struct AccountWords {
    std::string folder = default_folder();
    std::string account = {};
    std::string name = {};
    std::string email = {};
    std::vector<std::string> roles = {};
    std::string expires_at = {};
    std::vector<std::string> scopes = {};
    bool with_token = false;
};

/// As a query has it: `%` and two digits for every byte.
std::string percent_encode(std::string_view text) {
    std::string encoded;
    for (const char c : text) {
        encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return encoded;
}

/// `manager:cluster=clu_…,cohort=coh_…` as the API has it.
Result<json::object> role_in(const std::string& word) {
    json::object role;
    const std::size_t colon = std::min(word.find(':'), word.size());
    role.emplace("role", word.substr(0, colon));
    std::string_view rest = std::string_view(word).substr(std::min(colon + 1, word.size()));
    while (!rest.empty()) {
        const std::string_view part = rest.substr(0, rest.find(','));
        const std::size_t sign = part.find('=');
        if (sign == std::string_view::npos) {
            return Error{
                .code = ErrorCode::invalid_argument,
                .message = "A role is written like manager:cluster=clu_01J…, not " + word + "."};
        }
        role[part.substr(0, sign)] = part.substr(sign + 1);
        rest.remove_prefix(std::min(part.size() + 1, rest.size()));
    }
    return role;
}

std::string text_in(const json::value& value, std::string_view member) {
    const json::value* found = value.is_object() ? value.get_object().if_contains(member) : nullptr;
    return found != nullptr && found->is_string() ? std::string(found->get_string()) : "";
}

/// The id of an account that is named by it, or by its e-mail address.
Result<std::string> id_of(const AccountWords& words) {
    if (words.account.find('@') == std::string::npos) {
        return words.account;
    }
    SILLAGE_TRY(const auto page,
                operate_json(words.folder,
                             {Method::get, "/v1/accounts?email=" + percent_encode(words.account)}));
    const json::array& found = page.at("items").as_array();
    if (found.empty()) {
        return Error{.code = ErrorCode::not_found,
                     .message = "No account has the address " + words.account + "."};
    }
    return text_in(found.front(), "id");
}

/// The new token's text. Errors: as operate_json.
Result<std::string> new_token(const AccountWords& words, const std::string& account) {
    json::object body{{"name", words.name.empty() ? "by the operator" : words.name}};
    if (!words.expires_at.empty()) {
        body["expires_at"] = words.expires_at;
    }
    if (!words.scopes.empty()) {
        body["scopes"] = json::array(words.scopes.begin(), words.scopes.end());
    }
    SILLAGE_TRY(const auto made,
                operate_json(words.folder, {Method::post, "/v1/accounts/" + account + "/tokens",
                                            to_json_text(body)}));
    return text_in(made, "token");
}

Result<std::string> created(const AccountWords& words) {
    json::object body{{"name", words.name}};
    if (!words.email.empty()) {
        body["email"] = words.email;
    }
    json::array roles;
    for (const std::string& word : words.roles) {
        SILLAGE_TRY(auto role, role_in(word));
        roles.push_back(std::move(role));
    }
    body["roles"] = std::move(roles);
    SILLAGE_TRY(const auto made,
                operate_json(words.folder, {Method::post, "/v1/accounts", to_json_text(body)}));
    const std::string id = text_in(made, "id");
    if (!words.with_token) {
        return id;
    }
    SILLAGE_TRY(const auto token, new_token({.folder = words.folder}, id));
    return id + " " + token;
}

/// A line an account: id, name, roles, and e-mail when there is one.
std::string line_of(const json::value& account) {
    std::string line = text_in(account, "id") + "  " + text_in(account, "name");
    for (const json::value& role : account.at("roles").as_array()) {
        line += "  " + text_in(role, "role");
        for (const auto* scope : {"cluster", "cohort", "company", "instance"}) {
            const std::string id = text_in(role, scope);
            line += id.empty() ? "" : (" " + id);
        }
    }
    const std::string email = text_in(account, "email");
    return line + (email.empty() ? "" : "  <" + email + ">") + "\n";
}

Result<std::string> listed(const AccountWords& words) {
    std::string text;
    std::string cursor;
    do {
        SILLAGE_TRY(const auto page,
                    operate_json(words.folder,
                                 {Method::get, "/v1/accounts?limit=200" +
                                                   (cursor.empty() ? "" : "&cursor=" + cursor)}));
        for (const json::value& account : page.at("items").as_array()) {
            text += line_of(account);
        }
        cursor = text_in(page, "next_cursor");
    } while (!cursor.empty());
    return text.empty() ? "There is no account.\n" : text;
}

using Act = Result<std::string> (*)(const AccountWords&);

int act(const AccountWords& words, Act work) {
    auto said = work(words);
    if (!said) {
        return complain_of("account", said.error());
    }
    std::cout << said.value() << (said.value().ends_with('\n') ? "" : "\n");
    return exit_ok;
}

Result<std::string> given_token(const AccountWords& words) {
    SILLAGE_TRY(const std::string account, id_of(words));
    return new_token(words, account);
}

Result<std::string> given_link(const AccountWords& words) {
    SILLAGE_TRY(const std::string account, id_of(words));
    SILLAGE_TRY(const auto made,
                operate_json(words.folder, {Method::post, "/v1/accounts/" + account + "/links"}));
    return text_in(made, "url");
}

}  // namespace

void add_account(CLI::App& app, int& status) {
    CLI::App* account = app.add_subcommand(
        "account", "make accounts and their tokens, as the operator of a data folder");
    account->require_subcommand(1);
    const auto words = std::make_shared<AccountWords>();
    const auto add = [&](const std::string& name, const std::string& help, Act work) {
        CLI::App* command = account->add_subcommand(name, help);
        command->add_option("--data", words->folder, "DIR: the data folder, served or not")
            ->type_name("");
        command->callback([words, work, &status] { status = act(*words, work); });
        return command;
    };
    add("list", "a line an account", listed);
    CLI::App* create = add("create", "print the id of a new account", created);
    create->add_option("NAME", words->name, "of the person or integration")->required();
    create->add_option("--email", words->email, "where mail links go")->type_name("");
    create->add_option("--role", words->roles, "ROLE or ROLE:cluster=ID (repeatable)")
        ->type_name("")
        ->allow_extra_args(false);
    create->add_flag("--token", words->with_token, "make a token and print it, too");
    CLI::App* token = add("token", "print a new token, once", given_token);
    token->add_option("ACCOUNT", words->account, "its id or e-mail address")->required();
    token->add_option("--name", words->name, "what it is for")->type_name("");
    token->add_option("--expires-at", words->expires_at, "INSTANT (a year from now)")
        ->type_name("");
    token->add_option("--scope", words->scopes, "read, instances, registry, … (repeatable)")
        ->type_name("")
        ->allow_extra_args(false);
    CLI::App* link = add("link", "print a link that signs a browser in, once", given_link);
    link->add_option("ACCOUNT", words->account, "its id or e-mail address")->required();
}

}  // namespace sillage::server
