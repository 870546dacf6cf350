#pragma once

#include <string>
#include <string_view>

#include "engine/base/result.hpp"

namespace sillage::server {

/// The socket in a data folder through which the operator's commands reach the server.
inline constexpr std::string_view operator_socket_name = "control.sock";

/// A file in a folder as the address of a local socket, while this lives. Such an address has 107
/// bytes at most; the path of a folder may have more.
class LocalAddress {
  public:
    /// Errors: unavailable: there is no such folder.
    [[nodiscard]] static Result<LocalAddress> in(const std::string& folder, std::string_view name);
    ~LocalAddress();
    LocalAddress(LocalAddress&& other) noexcept;
    LocalAddress& operator=(LocalAddress&&) = delete;

    /// What to bind or connect to.
    [[nodiscard]] const std::string& path() const { return path_; }

  private:
    LocalAddress(int folder, std::string path) : folder_(folder), path_(std::move(path)) {}

    int folder_ = -1;
    std::string path_;
};

}  // namespace sillage::server
