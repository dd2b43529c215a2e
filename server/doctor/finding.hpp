#pragma once

// What the doctor found, one sentence a subject, and how it is told to an operator. No finding holds a
// secret.

#include "server/config.hpp"
#include "shared/api/doctor.hpp"

#include <string>
#include <vector>

namespace cadenza::server::doctor {

using State = DoctorState;
using Finding = DoctorFinding;
using Findings = std::vector<Finding>;

// Whether nothing failed. Warnings are no failures.
bool all_well(const Findings& findings);

// Settings that cannot be used, each as a finding that failed.
Findings config_findings(const std::vector<ConfigProblem>& problems);

// Some lines a finding, and how many of each kind there are.
std::string as_text(const Findings& findings);
// A DoctorReport.
std::string as_json(const Findings& findings, const std::string& version);

}  // namespace cadenza::server::doctor
