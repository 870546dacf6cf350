#include "server/webhooks/request_text.hpp"

namespace sillage::server {
namespace {

std::string timestamp_of(Instant at) { return std::to_string(at.milliseconds / 1000); }

}  // namespace

std::vector<std::string> header_lines(const Delivery& delivery, Instant at,
                                      const std::string& signature) {
    std::vector<std::string> lines = delivery.headers;
    lines.push_back("webhook-id: " + delivery.event);
    lines.push_back("webhook-timestamp: " + timestamp_of(at));
    lines.push_back("webhook-signature: " + signature);
    return lines;
}

RequestText request_text(const Delivery& delivery, const Target& target,
                         std::span<const SignatureKey> keys, Instant at) {
    const std::string timestamp = timestamp_of(at);
    RequestText request;
    request.signature = signature_header(
        keys, {.id = delivery.event, .timestamp = timestamp, .body = delivery.body});
    request.text = "POST " + target.resource + " HTTP/1.1\r\nHost: " + target.authority() +
                   "\r\nUser-Agent: Sillage/" SILLAGE_VERSION
                   "\r\nAccept: */*\r\nContent-Length: " +
                   std::to_string(delivery.body.size()) + "\r\n";
    for (const std::string& line : header_lines(delivery, at, request.signature)) {
        request.text.append(line).append("\r\n");
    }
    request.text.append("\r\n").append(delivery.body);
    return request;
}

}  // namespace sillage::server
