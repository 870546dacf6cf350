#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>

// What the calls of this room share.

namespace sillage::server {

struct CurlDeleter {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
using CurlHandle = std::unique_ptr<CURL, CurlDeleter>;

/// A handle that speaks those protocols alone (as CURLOPT_PROTOCOLS_STR), follows no redirect, uses
/// no proxy of the environment's and no signals, and keeps to TLS 1.2 and above.
[[nodiscard]] CurlHandle new_curl_handle(const char* protocols);

/// A list of lines, as recipients and headers are given.
class CurlList {
  public:
    CurlList() = default;
    CurlList(const CurlList&) = delete;
    CurlList& operator=(const CurlList&) = delete;
    ~CurlList() { curl_slist_free_all(list_); }

    void add(const std::string& line) { list_ = curl_slist_append(list_, line.c_str()); }
    [[nodiscard]] curl_slist* get() const { return list_; }

  private:
    curl_slist* list_ = nullptr;
};

}  // namespace sillage::server
