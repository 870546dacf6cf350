#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "server/outward/mail.hpp"

namespace sillage::server {

/// The SMTP server that takes our mail.
struct MailServer {
    std::string url = {};   ///< Ex. `smtps://mail.example.org:465`, `smtp://127.0.0.1:25`
    std::string user = {};  ///< empty: it asks for none; else only over TLS
    std::string password = {};
    std::string from = {};  ///< an address
    std::chrono::milliseconds connect_wait{10'000};
    std::chrono::milliseconds send_wait{30'000};  ///< the whole mail
};

/// Mails that wait to be sent. Chosen: a mail takes a second, and a link is good for minutes.
inline constexpr std::size_t mails_max = 256;
/// Times that a mail is tried: a server that asks to come again (greylisting) is asked again.
inline constexpr int mail_attempts_max = 3;

/// Sends mail, one after the other, on a thread of its own.
class Mailer {
  public:
    /// Says how each mail went, on the mailer's thread: empty, or why it was given up. It has no
    /// address and nothing of the mail.
    using Report = std::function<void(const std::string& failure)>;

    Mailer(MailServer server, Report report);
    /// Drops what waits; what is being sent is cut off.
    ~Mailer();
    Mailer(const Mailer&) = delete;
    Mailer& operator=(const Mailer&) = delete;

    /// Queues it. From any thread.
    /// Errors: invalid_argument: as message_text; unavailable: too many wait.
    [[nodiscard]] Result<void> send(const Mail& mail, const std::string& id, Instant now);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace sillage::server
