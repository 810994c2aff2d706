import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { ChangeSegments } from './change-segments.js';
import { FindSegments } from './find-segments.js';
import { PreviewSegment } from './preview-segment.js';
import { RemoveSegment } from './remove-segment.js';
import { SuppressMember } from './suppress-member.js';

@Injectable()
export class SegmentMessages {
  constructor(
    private readonly findSegments: FindSegments,
    private readonly changeSegments: ChangeSegments,
    private readonly suppressMember: SuppressMember,
    private readonly previewSegment: PreviewSegment,
    private readonly removeSegment: RemoveSegment,
  ) {}

  @Handles(profiles.listSegments)
  list(...[request]: HandlerArguments<typeof profiles.listSegments>) {
    return this.findSegments.page(request);
  }

  @Handles(profiles.getSegment)
  get(...[request]: HandlerArguments<typeof profiles.getSegment>) {
    return this.findSegments.one(request);
  }

  @Handles(profiles.createSegment)
  create(...[request, context]: HandlerArguments<typeof profiles.createSegment>) {
    return this.changeSegments.create(request, context);
  }

  @Handles(profiles.updateSegment)
  update(...[request, context]: HandlerArguments<typeof profiles.updateSegment>) {
    return this.changeSegments.update(request, context);
  }

  @Handles(profiles.removeSegment)
  async remove(...[request, context]: HandlerArguments<typeof profiles.removeSegment>) {
    await this.removeSegment.execute(request, context);
    return {};
  }

  @Handles(profiles.previewSegment)
  preview(...[request]: HandlerArguments<typeof profiles.previewSegment>) {
    return this.previewSegment.execute(request);
  }

  @Handles(profiles.setSuppressed)
  suppress(...[request, context]: HandlerArguments<typeof profiles.setSuppressed>) {
    return this.suppressMember.execute(request, context);
  }
}
