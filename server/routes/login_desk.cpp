#include "server/routes/login_desk.hpp"

#include "server/auth/account.hpp"

namespace sillage::server {
namespace {

bool may_ask(Allowances& allowances, const std::string& who) {
    return allowances.enter(who).verdict == Allowances::Verdict::granted;
}

}  // namespace

Result<void> LoginDesk::ask_for_link(const std::string& peer, std::string_view email) {
    if (!may_ask(peers, peer)) {
        return Error{.code = ErrorCode::too_many_requests,
                     .message =
                         "Too many links were asked for from your address; wait a "
                         "quarter of an hour."};
    }
    const std::string address = email_lookup(email);
    if (may_ask(addresses, address) && mail_link) {
        mail_link(address);
    }
    return success();
}

}  // namespace sillage::server
