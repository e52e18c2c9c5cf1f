#include "nn/files/download.h"

#include <fmt/format.h>

#include "autograd/base/error.h"

#ifdef CHAINETTE_DOWNLOAD
#include <curl/curl.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <utility>
#endif

namespace nn::inline files {

using autograd::Error;

#ifdef CHAINETTE_DOWNLOAD
namespace {

constexpr int kTries = 3;

std::string digest_of(std::span<const std::byte> bytes, const EVP_MD* kind) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned length = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, kind, nullptr);
  std::string text;
  for (unsigned i = 0; i < length; ++i) text += fmt::format("{:02x}", digest[i]);
  return text;
}

struct Received {
  std::uint64_t most;
  Bytes bytes = {};
};

// Returning another count than the given one makes libcurl stop.
std::size_t append(char* data, std::size_t size, std::size_t count, void* to) {
  auto* received = static_cast<Received*>(to);
  const auto* bytes = reinterpret_cast<const std::byte*>(data);
  const std::size_t n = size * count;
  if (n > received->most - received->bytes.size()) return n + 1;
  received->bytes.insert(received->bytes.end(), bytes, bytes + n);
  return n;
}

// Whether another attempt may succeed.
bool is_passing(CURLcode code, long status) {
  return code == CURLE_OPERATION_TIMEDOUT || code == CURLE_RECV_ERROR ||
         code == CURLE_GOT_NOTHING || code == CURLE_PARTIAL_FILE ||
         (code == CURLE_HTTP_RETURNED_ERROR && status >= 500);
}

struct CleanUp {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};

// Downloads at most `most` bytes from a URL. The message of an exception does not contain the URL.
Bytes fetch(const std::string& url, std::uint64_t most) {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  const std::unique_ptr<CURL, CleanUp> curl(started == CURLE_OK ? curl_easy_init() : nullptr);
  if (!curl) throw Error("libcurl does not start");
  Received received{most};
  const auto set = [&](CURLoption option, auto value) {
    curl_easy_setopt(curl.get(), option, value);
  };
  set(CURLOPT_URL, url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https,file");
  set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  set(CURLOPT_FOLLOWLOCATION, 1L);
  set(CURLOPT_MAXREDIRS, 10L);
  set(CURLOPT_FAILONERROR, 1L);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_CONNECTTIMEOUT, 15L);
  set(CURLOPT_LOW_SPEED_LIMIT, 1000L);  // bytes per second,
  set(CURLOPT_LOW_SPEED_TIME, 30L);     // measured over this number of seconds
  set(CURLOPT_USERAGENT, "chainette");
  set(CURLOPT_WRITEFUNCTION, append);
  set(CURLOPT_WRITEDATA, static_cast<void*>(&received));
  for (int attempt = 1;; ++attempt) {
    received.bytes.clear();
    const CURLcode code = curl_easy_perform(curl.get());
    if (code == CURLE_OK) return std::move(received.bytes);
    if (code == CURLE_WRITE_ERROR)
      throw Error(fmt::format("it must send at most {} bytes, but it sends more", most));
    long status = 0;
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
    if (attempt == kTries || !is_passing(code, status))
      throw Error(status >= 400 ? fmt::format("the server answers {}", status)
                                : curl_easy_strerror(code));
    ::sleep(static_cast<unsigned>(attempt));
  }
}

}  // namespace

bool can_download() { return true; }

std::string md5_of(std::string_view text) {
  return digest_of(std::as_bytes(std::span(text)), EVP_md5());
}

Bytes download(const Download& file) {
  std::string failures;
  for (const std::string& url : file.urls) {
    std::string why;
    try {
      // gzip makes incompressible data longer by less than a thousandth plus the header.
      Bytes bytes = fetch(url, file.packed ? file.most : file.most + file.most / 1000 + 4096);
      if (!file.md5.empty()) {
        if (const std::string found = digest_of(bytes, EVP_md5()); found != file.md5)
          throw Error(fmt::format("the file has the MD5 {} instead of {}", found, file.md5));
      }
      if (!file.packed && is_gzip(bytes)) bytes = gunzip(bytes, "what was sent", file.most);
      if (file.sha256.empty()) return bytes;
      const std::string found = digest_of(bytes, EVP_sha256());
      if (found == file.sha256) return bytes;
      why = fmt::format("the contents have the SHA-256 {} instead of {}", found, file.sha256);
    } catch (const Error& error) {
      why = error.what();
    }
    failures += fmt::format("{}{} ({})", failures.empty() ? "" : ", ", url, why);
  }
  throw Error(fmt::format("download: a server must deliver the file, but none does: {}", failures));
}

#else

bool can_download() { return false; }

std::string md5_of(std::string_view text) {
  throw Error(
      fmt::format("download: Chainette must be built with CHAINETTE_DOWNLOAD to fetch {}, but it "
                  "was built without",
                  text));
}

Bytes download(const Download& file) {
  throw Error(
      fmt::format("download: Chainette must be built with CHAINETTE_DOWNLOAD to fetch {}, but it "
                  "was built without",
                  file.urls.empty() ? "files" : file.urls[0]));
}

#endif

}  // namespace nn::inline files
