#pragma once

// The certificate the server shows. TLS 1.2 and 1.3 only; forward secrecy and authenticated encryption only.

#include "shared/base/error.hpp"

#include <boost/asio/ssl/context.hpp>

#include <memory>
#include <string>

namespace cadenza::http {

class ServerTls {
public:
    // Files in PEM: the certificate with its chain, and its key.
    ServerTls(std::string certificate_file, std::string key_file)
        : certificate_file_(std::move(certificate_file)), key_file_(std::move(key_file)) {}

    // Reads both files; with a pair that is no good the one before stays. Connections that are open keep what
    // they have. Errors: invalid_value, naming the file and what is wrong with it, never what is in it.
    Status load();

    // After a load() that went well.
    boost::asio::ssl::context& context() { return *context_; }

private:
    std::string certificate_file_;
    std::string key_file_;
    std::unique_ptr<boost::asio::ssl::context> context_;
};

}  // namespace cadenza::http
