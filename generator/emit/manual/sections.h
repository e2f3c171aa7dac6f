// The sections of the manual's page, each as HTML.
#pragma once

#include <string>

#include "generator/model/mapping_model.h"

namespace twowayc {

/// Both systems, and what the classes mean.
std::string summary_section(const MappingModel& model);
/// A line an entity, in the order of writing.
std::string entities_section(const MappingModel& model);
/// What does not go over, with reasons.
std::string losses_section(const MappingModel& model);
/// One entity: both schemas side by side, with the lens and the class between them.
std::string entity_section(const MappingModel& model, const Entity& entity);

}  // namespace twowayc
