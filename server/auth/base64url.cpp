#include "server/auth/base64url.hpp"

#include <cstdint>

namespace sillage::server {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

}  // namespace

std::string to_base64url(std::string_view bytes) {
    std::string text;
    std::uint32_t held = 0;
    unsigned bits = 0;
    for (const char byte : bytes) {
        held = held << 8U | static_cast<unsigned char>(byte);
        for (bits += 8; bits >= 6; bits -= 6) {
            text += alphabet[(held >> (bits - 6)) & 63U];
        }
    }
    if (bits > 0) {
        text += alphabet[(held << (6 - bits)) & 63U];
    }
    return text;
}

std::optional<std::string> from_base64url(std::string_view text) {
    std::string bytes;
    std::uint32_t held = 0;
    unsigned bits = 0;
    for (const char c : text) {
        const std::size_t value = alphabet.find(c);
        if (value == std::string_view::npos) {
            return std::nullopt;
        }
        held = (held << 6U | static_cast<std::uint32_t>(value)) & 0xffffU;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            bytes += static_cast<char>((held >> bits) & 0xffU);
        }
    }
    if (bits >= 6 || (held & ((1U << bits) - 1U)) != 0) {
        return std::nullopt;
    }
    return bytes;
}

}  // namespace sillage::server
