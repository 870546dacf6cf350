#include "server/auth/credential.hpp"

namespace sillage::server {

Account operator_account(std::string_view user) {
    return Account{.id = "operator:" + std::string(user),
                   .name = std::string(user),
                   .bindings = {{.role = "admin"}}};
}

}  // namespace sillage::server
