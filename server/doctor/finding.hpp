#pragma once

// What the doctor found, one sentence a subject, and how it is told to an operator. No finding holds a
// secret.

#include "server/config.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <string>
#include <vector>

namespace cadenza::server::doctor {

// skipped: it could not be looked at, or there is nothing to look at; `what` says why.
enum class State { ok, warning, failed, skipped };
BOOST_DESCRIBE_ENUM(State, ok, warning, failed, skipped)

struct Finding {
    std::string check;  // "redirect_uri"; of a setting that cannot be used, its name: "SESSION_KEYS"
    State state{};
    std::string what;
    std::string todo;  // empty when there is nothing to do

    bool operator==(const Finding&) const = default;
};
BOOST_DESCRIBE_STRUCT(Finding, (), (check, state, what, todo))

using Findings = std::vector<Finding>;

// Whether nothing failed. Warnings are no failures.
bool all_well(const Findings& findings);

// Settings that cannot be used, each as a finding that failed.
Findings config_findings(const std::vector<ConfigProblem>& problems);

// Some lines a finding, and how many of each kind there are.
std::string as_text(const Findings& findings);
// {"ok", "version", "findings": [{"check", "state", "what", "todo"}]}
std::string as_json(const Findings& findings, const std::string& version);

}  // namespace cadenza::server::doctor
