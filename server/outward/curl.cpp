#include "server/outward/curl.hpp"

#include "engine/base/assert.hpp"

namespace sillage::server {

CurlHandle new_curl_handle(const char* protocols) {
    // Once a process, before the first handle; later calls only count.
    static const CURLcode is_ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    SILLAGE_ASSERT(is_ready == CURLE_OK);
    CurlHandle handle(curl_easy_init());
    SILLAGE_ASSERT(handle != nullptr);
    CURL* const curl = handle.get();
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, protocols);
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    return handle;
}

}  // namespace sillage::server
