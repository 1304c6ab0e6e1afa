import { Module, type DynamicModule } from '@nestjs/common';
import { Database } from './database/database.ts';

/** Hands one open database to every module of the process. Whoever opened it closes it. */
@Module({})
export class PersistenceModule {
  static forRoot(database: Database): DynamicModule {
    const providers = [{ provide: Database, useValue: database }];
    return { module: PersistenceModule, global: true, providers, exports: [Database] };
  }
}
