#pragma once

#include <cstddef>
#include <string>

namespace cadenza::server {

// Names of requests, sixteen characters each: random, so that no two are alike in any number of processes,
// but no secrets. Random bytes are fetched for many at once, as each fetch costs OpenSSL system calls. Not to
// be taken along into a forked process.
class RequestIds {
public:
    std::string next();

private:
    std::string bytes_;
    std::size_t used_{};
};

}  // namespace cadenza::server
